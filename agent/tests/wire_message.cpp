// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/message.h"

#include <string>

#include "wire_fixture.h"

#include <CppUTest/TestHarness.h>

namespace anchor6::wire {

namespace {

/// A Binding Update with these options behind its fixed part, Header Len as it must be.
Octets update_with(std::string_view options) {
    Octets message = from_hex("3b00050000000001c0000384");
    const Octets tail = from_hex(options);
    message.insert(message.end(), tail.begin(), tail.end());
    message.resize((message.size() + 7) / 8 * 8);
    message.at(1) = static_cast<std::uint8_t>(message.size() / 8 - 1);
    return message;
}

Options options_of(std::string_view hex) {
    return std::get<BindingUpdate>(std::get<Message>(parse(update_with(hex)))).options;
}

void check_fault(std::string_view hex, ParseFault fault, std::size_t offset) {
    const auto parsed = parse(from_hex(hex));
    const auto* error = std::get_if<ParseError>(&parsed);
    CHECK_TEXT(error != nullptr, std::string(hex).c_str());
    LONGS_EQUAL(static_cast<int>(fault), static_cast<int>(error->fault));
    LONGS_EQUAL(offset, error->offset);
}

void check_option_fault(std::string_view options, ParseFault fault, std::size_t offset) {
    const auto parsed = parse(update_with(options));
    const auto* error = std::get_if<ParseError>(&parsed);
    CHECK_TEXT(error != nullptr, std::string(options).c_str());
    CHECK(*error == (ParseError{fault, 5, offset}));
}

std::string repeat(std::string_view text, std::size_t count) {
    std::string result;
    for (std::size_t i = 0; i < count; ++i) {
        result += text;
    }
    return result;
}

/// An option with that Length octet and as many octets of data.
std::string option(std::string_view type, unsigned length) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string hex(type);
    hex += digits[length >> 4];
    hex += digits[length & 0xf];
    return hex + repeat("00", length);
}

} // namespace

TEST_GROUP(wire_message){};

TEST(wire_message, rfc6275_9_2_shorter_than_any_message_is_truncated) {
    check_fault("", ParseFault::truncated, 0);
    check_fault("3b000000000000", ParseFault::truncated, 7);
}

TEST(wire_message, rfc6275_9_2_unknown_type_comes_before_payload_proto) {
    check_fault("0600080000000000", ParseFault::unknown_type, 2);
    check_fault("3b00ff0000000000", ParseFault::unknown_type, 2);
}

TEST(wire_message, rfc6275_9_2_payload_proto_comes_before_header_len) {
    check_fault("0600050000000000", ParseFault::bad_payload_proto, 0);
}

TEST(wire_message, rfc6275_9_2_header_len_has_a_minimum_for_each_type) {
    const std::string types[] = {"00", "01", "02", "03", "04", "05", "06", "07"};
    const unsigned least[] = {0, 1, 1, 2, 2, 1, 1, 2};
    for (std::size_t type = 0; type < 8; ++type) {
        for (unsigned length = 0; length < 3; ++length) {
            const std::string hex = "3b0" + std::to_string(length) + types[type] +
                                    repeat("00", 5 + 8 * std::size_t{length});
            const auto parsed = parse(from_hex(hex));
            if (length < least[type]) {
                check_fault(hex, ParseFault::header_too_short, 1);
            } else {
                CHECK_TEXT(std::holds_alternative<Message>(parsed), hex.c_str());
            }
        }
    }
}

TEST(wire_message, rfc6275_9_2_header_len_ends_within_the_packet) {
    const std::string sixteen = "3b01050000000001c000000000000000";
    CHECK(std::holds_alternative<Message>(parse(from_hex(sixteen))));
    check_fault("3b02050000000001c000000000000000", ParseFault::header_beyond_packet, 1);
    check_fault("3bff050000000001c000000000000000", ParseFault::header_beyond_packet, 1);
}

TEST(wire_message, rfc6275_6_1_return_routability_is_known_and_ignored) {
    const std::string test = "3b02010000000000" + repeat("00", 16);
    CHECK(std::get<Message>(parse(from_hex(test))) == Message(OtherMessage{1}));
}

TEST(wire_message, rfc6275_6_1_every_type_survives_a_round_trip) {
    const Message messages[] = {BindingRefreshRequest{}, OtherMessage{1},
                                OtherMessage{4},         BindingError{1, address("2001:db8::1")},
                                BindingUpdate{},         BindingAcknowledgement{}};
    for (const Message& message : messages) {
        CHECK(std::get<Message>(parse(serialise(message))) == message);
    }
}

TEST(wire_message, rfc6275_6_1_7_flags_have_their_bits) {
    const Octets octets = serialise(BindingUpdate{0x1234, bu_flag::proxy_registration, 0x5678, {}});
    CHECK(octets == from_hex("3b010500000012340200567801020000"));
    const BindingUpdate update{0, bu_flag::home_registration, 0, {}};
    CHECK_TRUE(update.has(bu_flag::home_registration));
    CHECK_FALSE(update.has(bu_flag::acknowledge));
}

TEST(wire_message, rfc6275_6_1_8_statuses_without_a_name_travel) {
    const auto status = static_cast<Status>(255);
    const BindingAcknowledgement acknowledgement{status, 0xff, 1, 2, {}};
    CHECK(std::get<Message>(parse(serialise(acknowledgement))) == Message(acknowledgement));
}

TEST(wire_message, rfc6275_6_2_1_option_lengths_end_within_the_message) {
    check_option_fault("00000001", ParseFault::bad_option_length, 15);
    check_option_fault("00000008", ParseFault::bad_option_length, 15);
    check_option_fault("01030000", ParseFault::bad_option_length, 12);
    check_option_fault("0102000001070000", ParseFault::bad_option_length, 16);
    check_option_fault("f0ff0000", ParseFault::bad_option_length, 12);
}

TEST(wire_message, rfc6275_6_2_1_unknown_options_are_skipped) {
    CHECK(options_of(option("f0", 4) + option("f0", 0) + "17020003").handoff_indicator == 3);
}

TEST(wire_message, rfc6275_6_2_2_padding_may_be_anywhere_and_hold_anything) {
    CHECK(options_of("0000000001020506000100170200030000").handoff_indicator == 3);
}

TEST(wire_message, rfc6275_6_2_each_length_has_both_limits) {
    const struct {
        std::string_view type;
        unsigned length;
    } fixed[] = {{"02", 2}, {"03", 16}, {"04", 4},  {"06", 18}, {"16", 18},
                 {"17", 2}, {"18", 2},  {"1a", 16}, {"1b", 8},  {"0a", 8}};
    for (const auto& [type, length] : fixed) {
        CHECK(options_of(option(type, length)) != Options{});
        check_option_fault(option(type, length - 1), ParseFault::bad_option_length, 12);
        check_option_fault(option(type, length + 1), ParseFault::bad_option_length, 12);
    }
}

TEST(wire_message, rfc4283_3_identifier_length) {
    check_option_fault("0800", ParseFault::bad_option_length, 12);
    CHECK(options_of("080101").mn_identifier == (MnIdentifier{MnIdentifier::nai, ""}));
    LONGS_EQUAL(254, options_of(option("08", 255)).mn_identifier->identifier.size());
}

TEST(wire_message, rfc4283_3_identifier_is_any_octets) {
    const MnIdentifier identifier{5, std::string("\0\xff\n", 3)};
    CHECK(options_of("080405"
                     "00ff0a")
              .mn_identifier == identifier);
}

TEST(wire_message, rfc5213_8_6_link_layer_identifier_length) {
    check_option_fault("190100", ParseFault::bad_option_length, 12);
    CHECK(options_of("19020000").link_layer_identifier == LinkLayerAddress{});
    LONGS_EQUAL(253, options_of(option("19", 255)).link_layer_identifier->size());
}

TEST(wire_message, rfc6275_6_2_options_that_are_no_list_may_not_repeat) {
    for (const std::string& single :
         {option("02", 2), option("03", 16), option("04", 4), option("05", 12), option("08", 3),
          option("17", 2), option("18", 2), option("19", 8), option("1a", 16), option("1b", 8),
          option("09", 17), option("0a", 8)}) {
        CHECK(options_of(single) != Options{});
        check_option_fault(single + single, ParseFault::duplicate_option, 12 + single.size() / 2);
    }
}

TEST(wire_message, rfc5213_8_3_prefixes_may_repeat) {
    LONGS_EQUAL(3, options_of(repeat(option("16", 18), 3)).home_network_prefixes.size());
    LONGS_EQUAL(3, options_of(repeat(option("06", 18), 3)).mobile_network_prefixes.size());
}

TEST(wire_message, rfc5213_8_3_prefix_option_holds_what_is_no_prefix) {
    CHECK((PrefixOption{64, address("2001:db8::")}.value() == prefix("2001:db8::/64")));
    CHECK((PrefixOption{0, Address()}.value() == prefix("::/0")));
    CHECK((PrefixOption{128, address("2001:db8::1")}.value() == prefix("2001:db8::1/128")));
    CHECK_FALSE((PrefixOption{129, address("2001:db8::")}.value()));
    CHECK_FALSE((PrefixOption{64, address("2001:db8::1")}.value()));
}

TEST(wire_message, rfc4285_5_authentication_length) {
    check_option_fault("0904000000000000", ParseFault::bad_option_length, 12);
    const MessageAuthentication least = *options_of("090502000001ff").authentication;
    LONGS_EQUAL(2, least.subtype);
    LONGS_EQUAL(0x1ff, least.spi);
    CHECK_TRUE(least.authenticator.empty());
    LONGS_EQUAL(250, options_of(option("09", 255)).authentication->authenticator.size());
}

TEST(wire_message, rfc4285_5_1_authenticator_covers_the_message_up_to_the_spi) {
    Octets message = update_with("0a080102030405060708"
                                 "0000"
                                 "09110100000100" +
                                 repeat("ee", 12));
    message.at(4) = 0xab;
    message.at(5) = 0xcd;
    const auto parsed = std::get<Message>(parse(message));
    const auto& options = std::get<BindingUpdate>(parsed).options;
    Octets covered(message.begin(), message.begin() + 12 + 10 + 2 + 7);
    covered.at(4) = covered.at(5) = 0;
    CHECK(options.authentication->covered == covered);
    CHECK(options.message_id == 0x0102030405060708);
}

TEST(wire_message, rfc4285_5_1_authenticator_with_padding_behind_it_still_covers) {
    const std::string last = option("09", 17);
    for (const char* padding : {"", "00", "0100", "010400000000", "000000"}) {
        CHECK_FALSE(options_of(last + padding).authentication->covered.empty());
    }
}

TEST(wire_message, rfc4285_5_1_authenticator_with_an_option_behind_it_covers_nothing) {
    for (const auto& behind : {option("03", 16), option("06", 18), option("f0", 0)}) {
        CHECK_TRUE(options_of(option("09", 17) + behind).authentication->covered.empty());
        CHECK_FALSE(options_of(behind + option("09", 17)).authentication->covered.empty());
    }
}

TEST(wire_message, rfc4285_5_authentication_is_aligned_behind_everything_else) {
    for (std::size_t identifier = 0; identifier < 8; ++identifier) {
        BindingUpdate update;
        update.options.mn_identifier = MnIdentifier{1, std::string(identifier, 'a')};
        update.options.alternate_care_of_address = Address();
        update.options.mobile_network_prefixes.resize(2);
        update.options.message_id = 1;
        update.options.authentication = MessageAuthentication{1, 256, Octets(12), {}};
        const Octets covered = authenticated_octets(update);
        LONGS_EQUAL(0, covered.size() % 4);
        update.options.authentication->covered = covered;
        update.options.authentication->authenticator.assign(12, 0xee);
        CHECK(authenticated_octets(update) == covered);
        CHECK(std::get<Message>(parse(serialise(update))) == Message(update));
    }
}

TEST(wire_message, rfc4285_5_1_authenticated_octets_need_a_writable_message_with_the_option) {
    BindingUpdate update;
    CHECK_TRUE(authenticated_octets(update).empty());
    CHECK_TRUE(authenticated_octets(BindingRefreshRequest{}).empty());
    update.options.authentication = MessageAuthentication{};
    CHECK_FALSE(authenticated_octets(update).empty());
    update.options.authentication->authenticator.assign(1, 0);
    CHECK_FALSE(authenticated_octets(update).empty());
    const OptionType none[] = {OptionType::message_id};
    CHECK_TRUE(authenticated_octets(update, {none, {}}).empty());
    update.options.home_network_prefixes.resize(max_message_size / 18);
    CHECK_TRUE(authenticated_octets(update).empty());
}

TEST(wire_message, rfc4285_5_authenticator_too_long_to_be_written) {
    BindingUpdate update;
    update.options.authentication = MessageAuthentication{1, 256, Octets(250), {}};
    CHECK_FALSE(serialise(update).empty());
    update.options.authentication->authenticator.push_back(0);
    CHECK_TRUE(serialise(update).empty());
}

TEST(wire_message, rfc6275_6_1_longest_message) {
    BindingUpdate update;
    // The first prefix ends after 32 octets, each other takes 24 with its padding.
    update.options.home_network_prefixes.resize(1 + (max_message_size - 32) / 24);
    const Octets octets = serialise(update);
    LONGS_EQUAL(max_message_size, octets.size());
    CHECK(std::get<Message>(parse(octets)) == Message(update));
    update.options.home_network_prefixes.resize(update.options.home_network_prefixes.size() + 1);
    CHECK(serialise(update).empty());
}

TEST(wire_message, rfc4283_3_identifier_too_long_to_be_written) {
    BindingUpdate update;
    update.options.mn_identifier = MnIdentifier{MnIdentifier::nai, std::string(254, 'a')};
    CHECK(std::get<Message>(parse(serialise(update))) == Message(update));
    update.options.mn_identifier->identifier += 'a';
    CHECK(serialise(update).empty());
}

TEST(wire_message, rfc6275_6_2_1_options_are_aligned) {
    for (std::size_t identifier = 0; identifier < 8; ++identifier) {
        BindingUpdate update;
        update.options.mn_identifier = MnIdentifier{1, std::string(identifier, 'a')};
        update.options.timestamp = 0x1b08'1b08'1b08'1b08;
        const Octets octets = serialise(update);
        LONGS_EQUAL(0, octets.size() % 8);
        std::size_t offset = 12;
        while (octets.at(offset) != 27) {
            offset += octets.at(offset) == 0 ? 1 : octets.at(offset + 1) + std::size_t{2};
        }
        LONGS_EQUAL(2, offset % 8);
    }
}

TEST(wire_message, layout_leaves_out_and_repeats_options) {
    BindingUpdate update;
    update.options.handoff_indicator = 1;
    update.options.access_technology_type = 2;
    const OptionType twice[] = {OptionType::handoff_indicator, OptionType::handoff_indicator};
    const auto parsed = parse(serialise(update, {twice, Layout::Padding::unaligned}));
    CHECK(std::get<ParseError>(parsed) == (ParseError{ParseFault::duplicate_option, 5, 16}));
    const OptionType once[] = {OptionType::access_technology_type};
    update.options.handoff_indicator.reset();
    CHECK(std::get<Message>(parse(serialise(update, {once, {}}))) == Message(update));
}

TEST(wire_message, option_names_are_their_own_inverse) {
    for (const OptionType type : option_order) {
        CHECK_FALSE(option_name(type).empty());
        CHECK(option_of_name(option_name(type)) == type);
    }
    CHECK_TRUE(option_name(OptionType::pad_n).empty());
    CHECK_FALSE(option_of_name("nonsense"));
}

TEST(wire_message, every_fault_has_a_text) {
    for (int fault = 0; fault <= static_cast<int>(ParseFault::duplicate_option); ++fault) {
        CHECK(fault_text(static_cast<ParseFault>(fault)) != "unknown fault");
    }
}

} // namespace anchor6::wire
