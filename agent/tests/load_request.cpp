// SPDX-License-Identifier: GPL-2.0-or-later
#include "tools/load/answer.h"
#include "tools/load/request.h"
#include "wire/timestamp.h"
#include "wire_fixture.h"

#include <CppUTest/TestHarness.h>

namespace anchor6::load {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::nanoseconds now = 1'700'000'000s;
const SecurityAssociation association{256, {1, 2, 3, 4}};

Request request() {
    wire::BindingUpdate update;
    update.sequence = 7;
    update.lifetime = 150;
    Request result;
    result.source = wire::address("2001:db8:c::10");
    result.anchor = wire::address("2001:db8:1::1");
    result.home_address = wire::address("2001:db8:beef::10");
    result.message = update;
    return result;
}

wire::Ipv6Packet built(const Request& request, std::size_t index = 0) {
    return std::get<wire::Ipv6Packet>(wire::parse_packet(build_packet(request, index, now)));
}

wire::BindingUpdate update_of(const wire::Ipv6Packet& packet) {
    return std::get<wire::BindingUpdate>(std::get<wire::Message>(wire::parse(packet.payload)));
}

bool has_good_checksum(const wire::Ipv6Packet& packet) {
    return wire::checksum(packet.checksum_source(), packet.checksum_destination(), packet.protocol,
                          packet.payload) == 0;
}

/// An acknowledgement as the anchor sends it, its checksum some octets off.
std::vector<std::uint8_t> acknowledgement(const Request& to, wire::Status status,
                                          const SecurityAssociation* signer = nullptr,
                                          std::uint8_t checksum_fault = 0) {
    wire::BindingAcknowledgement answer;
    answer.status = status;
    answer.sequence = 7;
    if (signer != nullptr) {
        answer.options.authentication = wire::MessageAuthentication{1, signer->spi, {}, {}};
        answer.options.authentication->authenticator =
            make_authenticator(*signer, to.care_of_address(), to.node_address(),
                               wire::authenticated_octets(answer, {}));
    }
    wire::Ipv6Packet packet;
    packet.source = to.anchor;
    packet.destination = to.source;
    packet.routing_address = to.home_address;
    packet.protocol = wire::next_header::mobility;
    packet.payload = wire::serialise(answer);
    const std::uint16_t sum = wire::checksum(
        packet.checksum_source(), packet.checksum_destination(), packet.protocol, packet.payload);
    packet.payload.at(4) = static_cast<std::uint8_t>(sum >> 8);
    packet.payload.at(5) = static_cast<std::uint8_t>(sum ^ checksum_fault);
    return wire::serialise_packet(packet);
}

} // namespace

TEST_GROUP(load_request){};

TEST(load_request, each_message_of_a_run_has_the_next_sequence_number) {
    Request run = request();
    std::get<wire::BindingUpdate>(run.message).sequence = 0xffff;
    UNSIGNED_LONGS_EQUAL(0xffff, update_of(built(run)).sequence);
    UNSIGNED_LONGS_EQUAL(1, update_of(built(run, 2)).sequence);
    UNSIGNED_LONGS_EQUAL(1, sequence_of(run, 2).value());
    run.message = RawMessage{59, 0, 0, 0, 0, 0, 0, 0};
    CHECK(!sequence_of(run, 2));
}

TEST(load_request, rfc6275_6_1_1_the_checksum_covers_the_home_address) {
    const auto packet = built(request());
    CHECK(packet.home_address == request().home_address);
    CHECK(has_good_checksum(packet));
}

TEST(load_request, without_its_option_the_home_address_stays_out_of_the_packet) {
    Request run = request();
    run.home_address_option = false;
    const auto packet = built(run);
    CHECK(!packet.home_address);
    CHECK(has_good_checksum(packet));
}

TEST(load_request, rfc5213_8_8_the_timestamp_follows_the_clock) {
    Request run = request();
    CHECK(!update_of(built(run)).options.timestamp);
    run.timestamp = ClockOffset{-2s};
    CHECK(update_of(built(run)).options.timestamp == wire::to_timestamp(now - 2s));
    run.timestamp = std::uint64_t{5};
    CHECK(update_of(built(run)).options.timestamp == 5);
}

TEST(load_request, a_deformed_message_has_a_right_checksum_unless_one_is_given) {
    Request run = request();
    run.deformation.type = 99;
    run.deformation.patches = {{7, {0xab, 0xcd}}, {1000, {1}}};
    auto packet = built(run);
    UNSIGNED_LONGS_EQUAL(99, packet.payload.at(2));
    UNSIGNED_LONGS_EQUAL(0xab, packet.payload.at(7));
    UNSIGNED_LONGS_EQUAL(0xcd, packet.payload.at(8));
    CHECK(has_good_checksum(packet));

    run.deformation.truncated_size = 6;
    UNSIGNED_LONGS_EQUAL(6, built(run).payload.size());
    run.deformation.checksum = 0x1234;
    packet = built(run);
    UNSIGNED_LONGS_EQUAL(0x12, packet.payload.at(4));
    UNSIGNED_LONGS_EQUAL(0x34, packet.payload.at(5));
}

TEST(load_request, what_no_mobility_header_can_hold_is_not_built) {
    Request run = request();
    auto& prefixes = std::get<wire::BindingUpdate>(run.message).options.home_network_prefixes;
    prefixes.assign(200, {64, wire::address("2001:db8::")});
    CHECK(build_packet(run, 0, now).empty());
}

TEST(load_request, rfc4285_5_1_the_authenticator_covers_the_alternate_care_of_address) {
    Request run = request();
    run.association = association;
    const auto alternate = wire::address("2001:db8:c::20");
    std::get<wire::BindingUpdate>(run.message).options.alternate_care_of_address = alternate;
    const auto update = update_of(built(run));
    CHECK(update.options.authentication->authenticator ==
          make_authenticator(association, alternate, *run.home_address,
                             update.options.authentication->covered));
}

TEST_GROUP(load_answer){};

TEST(load_answer, an_acknowledgement_below_128_is_a_success) {
    using enum wire::Status;
    CHECK(read_answer(acknowledgement(request(), accepted), request())->is_success());
    const auto refusal =
        read_answer(acknowledgement(request(), insufficient_resources), request()).value();
    CHECK(!refusal.is_success());
    UNSIGNED_LONGS_EQUAL(7, refusal.sequence().value());
}

TEST(load_answer, rfc6275_6_1_8_status_135_names_another_sequence_number) {
    const auto answer =
        read_answer(acknowledgement(request(), wire::Status::sequence_out_of_window), request());
    CHECK(!answer->sequence());
}

TEST(load_answer, a_wrong_checksum_or_somebody_elses_address_is_no_answer) {
    CHECK(!read_answer(acknowledgement(request(), wire::Status::accepted, nullptr, 1), request()));
    Request other = request();
    other.source = wire::address("2001:db8:c::99");
    other.home_address.reset();
    CHECK(!read_answer(acknowledgement(request(), wire::Status::accepted), other));
    other = request();
    other.anchor = wire::address("2001:db8:1::2");
    CHECK(!read_answer(acknowledgement(request(), wire::Status::accepted), other));
}

TEST(load_answer, rfc4285_5_a_missing_or_wrong_authenticator_is_no_success) {
    Request run = request();
    run.association = association;
    const SecurityAssociation other{256, {4, 3, 2, 1}};
    const auto read = [&](const SecurityAssociation* signer) {
        return read_answer(acknowledgement(run, wire::Status::accepted, signer), run).value();
    };
    CHECK(read(nullptr).authenticity == Authenticity::missing);
    CHECK(!read(nullptr).is_success());
    CHECK(read(&other).authenticity == Authenticity::bad);
    CHECK(!read(&other).is_success());
    CHECK(read(&association).is_success());
}

} // namespace anchor6::load
