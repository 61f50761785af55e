// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <chrono>

#include "wire/reader.h"
#include "wire/status.h"
#include "wire/timestamp.h"
#include "wire/writer.h"
#include "wire_fixture.h"

#include <CppUTest/TestHarness.h>

namespace anchor6::wire {

using namespace std::chrono_literals;

TEST_GROUP(wire_numbers){};

TEST(wire_numbers, reader_never_leaves_its_octets) {
    const Octets octets = from_hex("0102030405060708");
    Reader reader(octets);
    LONGS_EQUAL(0x01, reader.u8());
    LONGS_EQUAL(0x0203, reader.u16());
    LONGS_EQUAL(0x04050607, reader.u32());
    CHECK_TRUE(reader.ok());
    LONGS_EQUAL(0, reader.u16());
    CHECK_FALSE(reader.ok());
    LONGS_EQUAL(0, reader.remaining());
    LONGS_EQUAL(0, reader.u8());
    CHECK(Reader(octets).u64() == 0x0102030405060708);
    CHECK(Reader(octets).address() == Address());
}

TEST(wire_numbers, writer_is_the_inverse_of_reader) {
    Writer writer;
    writer.u8(0x01);
    writer.u16(0x0203);
    writer.u32(0x04050607);
    writer.u64(0x08090a0b0c0d0e0f);
    CHECK(writer.octets() == from_hex("0102030405060708090a0b0c0d0e0f"));
}

TEST(wire_numbers, rfc6275_6_2_1_padding_formula) {
    for (std::size_t offset = 0; offset < 32; ++offset) {
        LONGS_EQUAL(0, (Alignment{1, 0}.padding(offset)));
        LONGS_EQUAL(6, (offset + Alignment{8, 6}.padding(offset)) % 8);
        LONGS_EQUAL(4, (offset + Alignment{8, 4}.padding(offset)) % 8);
        CHECK((Alignment{8, 2}.padding(offset)) < 8);
    }
}

TEST(wire_numbers, rfc6275_6_2_2_padding_is_pad1_or_padn) {
    const char* const expected[] = {"", "00", "0100", "010100", "01020000"};
    for (std::size_t count = 0; count < std::size(expected); ++count) {
        Writer writer;
        writer.pad_options({8, count});
        CHECK(writer.octets() == from_hex(expected[count]));
    }
}

TEST(wire_numbers, rfc5213_8_8_timestamp_of_the_test_vector) {
    CHECK(to_timestamp(1'700'000'000'500ms) == 0x0000'6553'f100'8000);
    CHECK(from_timestamp(0x0000'6553'f100'8000) == 1'700'000'000'500ms);
}

TEST(wire_numbers, rfc5213_8_8_every_fraction_survives_a_round_trip) {
    for (Timestamp fraction = 0; fraction <= 0xffff; ++fraction) {
        const Timestamp timestamp = 0x0000'6553'f100'0000 | fraction;
        CHECK(to_timestamp(from_timestamp(timestamp)) == timestamp);
    }
}

TEST(wire_numbers, rfc5213_8_8_timestamps_order_as_times_do) {
    CHECK(to_timestamp(1s - 1ns) == 0xffff);
    CHECK(to_timestamp(1s) == 0x1'0000);
    CHECK(to_timestamp(1s + 15us) == 0x1'0000);
    CHECK(to_timestamp(1s + 16us) == 0x1'0001);
}

TEST(wire_numbers, rfc5213_8_8_times_beyond_the_format_are_its_limits) {
    CHECK(to_timestamp(-1ns) == 0);
    CHECK(from_timestamp(~Timestamp{0}) == std::chrono::nanoseconds::max());
    CHECK(from_timestamp(Timestamp{9'223'372'036} << 16) == std::chrono::nanoseconds::max());
    CHECK(from_timestamp(Timestamp{9'223'372'035} << 16) == 9'223'372'035s);
    CHECK(to_timestamp(std::chrono::nanoseconds::max()) >> 16 == 9'223'372'036);
}

TEST(wire_numbers, rfc4285_6_message_id_is_a_time_of_ntp) {
    CHECK(to_message_id(0ns) == 2'208'988'800ULL << 32);
    CHECK(to_message_id(1'700'000'000'500ms) == 0xe8fe6f80'80000000);
    CHECK(to_message_id(-1ns) == to_message_id(0ns));
    CHECK(to_message_id(1s - 1ns) < to_message_id(1s));
    CHECK(to_message_id(1ns) - to_message_id(0ns) == 4);
}

TEST(wire_numbers, rfc4285_6_message_id_wraps_in_2036) {
    constexpr auto era = std::chrono::seconds((1ULL << 32) - 2'208'988'800);
    CHECK(to_message_id(era - 1ns) > to_message_id(0ns));
    CHECK(to_message_id(era) == 0);
}

TEST(wire_numbers, rfc6275_6_1_8_statuses_from_128_on_are_refusals) {
    CHECK_FALSE(is_refusal(Status::accepted));
    CHECK_FALSE(is_refusal(static_cast<Status>(127)));
    CHECK_TRUE(is_refusal(Status::reason_unspecified));
    CHECK_TRUE(is_refusal(static_cast<Status>(255)));
}

TEST(wire_numbers, iana_statuses_have_texts) {
    int named = 0;
    for (int value = 0; value < 256; ++value) {
        const auto text = status_text(static_cast<Status>(value));
        CHECK_FALSE(text.empty());
        named += text != "unassigned" ? 1 : 0;
        CHECK_EQUAL(value <= 6 || (value >= 128 && value <= 180), text != "unassigned");
    }
    LONGS_EQUAL(60, named);
    LONGS_EQUAL(135, static_cast<int>(Status::sequence_out_of_window));
    LONGS_EQUAL(174, static_cast<int>(Status::invalid_care_of_address));
}

} // namespace anchor6::wire
