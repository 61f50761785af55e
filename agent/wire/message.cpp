// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/message.h"

#include <array>
#include <optional>
#include <utility>

namespace anchor6::wire {

namespace {

constexpr std::uint8_t payload_proto_none = 59;
constexpr std::size_t unit = 8;

namespace type {
constexpr std::uint8_t binding_refresh_request = 0;
constexpr std::uint8_t binding_update = 5;
constexpr std::uint8_t binding_acknowledgement = 6;
constexpr std::uint8_t binding_error = 7;
constexpr std::uint8_t heartbeat = 13;
constexpr std::uint8_t binding_revocation = 16;
} // namespace type

namespace offset {
constexpr std::size_t payload_proto = 0;
constexpr std::size_t header_len = 1;
constexpr std::size_t type = 2;
constexpr std::size_t message_data = 6;
} // namespace offset

namespace heartbeat_flag {
constexpr std::uint16_t unsolicited = 0x0002;
constexpr std::uint16_t response = 0x0001;
} // namespace heartbeat_flag

/// Binding Revocation Type (RFC 5846 section 5).
namespace revocation_type {
constexpr std::uint8_t indication = 1;
constexpr std::uint8_t acknowledgement = 2;
} // namespace revocation_type

/// Smallest Header Len of the types of RFC 6275 section 6.1.
constexpr std::array<std::uint8_t, 8> least_header_len{0, 1, 1, 2, 2, 1, 1, 2};

/// Smallest Header Len of a type; nothing for one that is not known.
std::optional<std::uint8_t> least_header_len_of(std::uint8_t type) {
    if (type < least_header_len.size()) {
        return least_header_len.at(type);
    }
    if (type == type::heartbeat || type == type::binding_revocation) {
        return 1;
    }
    return std::nullopt;
}

struct FixedPart {
    std::uint8_t payload_proto;
    std::uint8_t header_len;
    std::uint8_t type;
    std::size_t size() const { return (header_len + std::size_t{1}) * unit; }
};

std::optional<ParseError> check(const FixedPart& header, std::size_t available) {
    const auto refuse = [&](ParseFault fault, std::size_t offset) {
        return ParseError{fault, header.type, offset};
    };
    const auto least = least_header_len_of(header.type);
    if (!least) {
        return refuse(ParseFault::unknown_type, offset::type);
    }
    if (header.payload_proto != payload_proto_none) {
        return refuse(ParseFault::bad_payload_proto, offset::payload_proto);
    }
    if (header.header_len < *least) {
        return refuse(ParseFault::header_too_short, offset::header_len);
    }
    if (header.size() > available) {
        return refuse(ParseFault::header_beyond_packet, offset::header_len);
    }
    return std::nullopt;
}

BindingUpdate read_binding_update(Reader& reader) {
    BindingUpdate update;
    update.sequence = reader.u16();
    update.flags = reader.u16();
    update.lifetime = reader.u16();
    return update;
}

BindingAcknowledgement read_binding_acknowledgement(Reader& reader) {
    BindingAcknowledgement acknowledgement;
    acknowledgement.status = static_cast<Status>(reader.u8());
    acknowledgement.flags = reader.u8();
    acknowledgement.sequence = reader.u16();
    acknowledgement.lifetime = reader.u16();
    return acknowledgement;
}

BindingError read_binding_error(Reader& reader) {
    BindingError error;
    error.status = reader.u8();
    reader.skip(1);
    error.home_address = reader.address();
    return error;
}

Heartbeat read_heartbeat(Reader& reader) {
    Heartbeat heartbeat;
    const std::uint16_t flags = reader.u16();
    heartbeat.response = (flags & heartbeat_flag::response) != 0;
    heartbeat.unsolicited = (flags & heartbeat_flag::unsolicited) != 0;
    heartbeat.sequence = reader.u32();
    return heartbeat;
}

template <class Revocation, class Code>
Revocation read_revocation(Code Revocation::*code, Reader& reader) {
    Revocation revocation;
    revocation.*code = static_cast<Code>(reader.u8());
    revocation.sequence = reader.u16();
    revocation.flags = reader.u16();
    return revocation;
}

/// Nothing for a kind that is not known.
std::optional<Message> read_binding_revocation(Reader& reader) {
    switch (reader.u8()) {
    case revocation_type::indication:
        return read_revocation(&BindingRevocationIndication::trigger, reader);
    case revocation_type::acknowledgement:
        return read_revocation(&BindingRevocationAcknowledgement::status, reader);
    default:
        return std::nullopt;
    }
}

/// The options of a message that has a place for them; those of the others are checked only.
Options* options_of(Message& message) {
    return std::visit(
        [](auto& value) -> Options* {
            if constexpr (requires { value.options; }) {
                return &value.options;
            } else {
                return nullptr;
            }
        },
        message);
}

std::optional<Message> read_message_data(std::uint8_t type, Reader& reader) {
    switch (type) {
    case type::binding_refresh_request:
        reader.skip(2);
        return BindingRefreshRequest{};
    case type::binding_update:
        return read_binding_update(reader);
    case type::binding_acknowledgement:
        return read_binding_acknowledgement(reader);
    case type::binding_error:
        return read_binding_error(reader);
    case type::heartbeat:
        return read_heartbeat(reader);
    case type::binding_revocation:
        return read_binding_revocation(reader);
    default:
        reader.rest();
        return OtherMessage{type};
    }
}

ParseError refuse_options(const OptionFault& fault, std::uint8_t type) {
    const bool duplicate = fault.kind == OptionFault::Kind::duplicate;
    return {duplicate ? ParseFault::duplicate_option : ParseFault::bad_option_length, type,
            fault.offset};
}

/// Writes the type and the message data before the options, gives the options, if any.
struct MessageDataWriter {
    Writer& writer;

    void begin(std::uint8_t type) const {
        writer.u8(payload_proto_none);
        writer.u8(0);
        writer.u8(type);
        writer.u8(0);
        writer.u16(0);
    }

    const Options* operator()(const BindingUpdate& update) const {
        begin(type::binding_update);
        writer.u16(update.sequence);
        writer.u16(update.flags);
        writer.u16(update.lifetime);
        return &update.options;
    }
    const Options* operator()(const BindingAcknowledgement& acknowledgement) const {
        begin(type::binding_acknowledgement);
        writer.u8(static_cast<std::uint8_t>(acknowledgement.status));
        writer.u8(acknowledgement.flags);
        writer.u16(acknowledgement.sequence);
        writer.u16(acknowledgement.lifetime);
        return &acknowledgement.options;
    }
    const Options* operator()(const BindingRefreshRequest&) const {
        begin(type::binding_refresh_request);
        writer.u16(0);
        return nullptr;
    }
    const Options* operator()(const BindingError& error) const {
        begin(type::binding_error);
        writer.u8(error.status);
        writer.u8(0);
        writer.address(error.home_address);
        return nullptr;
    }
    const Options* operator()(const Heartbeat& heartbeat) const {
        begin(type::heartbeat);
        const int flags = (heartbeat.response ? heartbeat_flag::response : 0) |
                          (heartbeat.unsolicited ? heartbeat_flag::unsolicited : 0);
        writer.u16(static_cast<std::uint16_t>(flags));
        writer.u32(heartbeat.sequence);
        return &heartbeat.options;
    }
    const Options* operator()(const BindingRevocationIndication& indication) const {
        begin(type::binding_revocation);
        writer.u8(revocation_type::indication);
        writer.u8(static_cast<std::uint8_t>(indication.trigger));
        writer.u16(indication.sequence);
        writer.u16(indication.flags);
        return &indication.options;
    }
    const Options* operator()(const BindingRevocationAcknowledgement& acknowledgement) const {
        begin(type::binding_revocation);
        writer.u8(revocation_type::acknowledgement);
        writer.u8(static_cast<std::uint8_t>(acknowledgement.status));
        writer.u16(acknowledgement.sequence);
        writer.u16(acknowledgement.flags);
        return &acknowledgement.options;
    }
    const Options* operator()(const OtherMessage& other) const {
        begin(other.type);
        if (other.type < least_header_len.size()) {
            writer.zeros((least_header_len.at(other.type) + 1) * unit - writer.size());
        }
        return nullptr;
    }
};

} // namespace

std::string_view fault_text(ParseFault fault) {
    switch (fault) {
    case ParseFault::truncated:
        return "truncated";
    case ParseFault::unknown_type:
        return "unknown MH type";
    case ParseFault::bad_payload_proto:
        return "Payload Proto is not 59";
    case ParseFault::header_too_short:
        return "Header Len too small for the type";
    case ParseFault::header_beyond_packet:
        return "Header Len beyond the packet";
    case ParseFault::bad_option_length:
        return "bad option length";
    case ParseFault::duplicate_option:
        return "duplicate option";
    case ParseFault::unknown_revocation:
        return "unknown Binding Revocation type";
    }
    return "unknown fault";
}

std::variant<Message, ParseError> parse(std::span<const std::uint8_t> octets) {
    Reader start(octets);
    const FixedPart header{start.u8(), start.u8(), start.u8()};
    if (octets.size() < unit) {
        return ParseError{ParseFault::truncated, header.type, octets.size()};
    }
    if (const auto error = check(header, octets.size())) {
        return *error;
    }
    Reader reader(octets.first(header.size()));
    reader.skip(offset::message_data);
    auto message = read_message_data(header.type, reader);
    if (!message) {
        return ParseError{ParseFault::unknown_revocation, header.type, offset::message_data};
    }
    Options checked_only;
    Options* options = options_of(*message);
    if (const auto fault = read_options(reader, options != nullptr ? *options : checked_only)) {
        return refuse_options(*fault, header.type);
    }
    return *std::move(message);
}

std::vector<std::uint8_t> serialise(const Message& message, const Layout& layout) {
    constexpr std::size_t usual_size = 128;
    Writer writer{usual_size};
    const Options* options = std::visit(MessageDataWriter{writer}, message);
    const bool fits = write_options(writer, options != nullptr ? *options : Options{}, layout);
    if (!fits || writer.size() > max_message_size) {
        return {};
    }
    writer.set(offset::header_len, static_cast<std::uint8_t>(writer.size() / unit - 1));
    return std::move(writer).finish();
}

std::vector<std::uint8_t> authenticated_octets(const Message& message, const Layout& layout) {
    Message blank = message;
    Options* options = options_of(blank);
    if (options == nullptr || !options->authentication) {
        return {};
    }
    options->authentication->authenticator.assign(MessageAuthentication::authenticator_size, 0);
    auto written = parse(serialise(blank, layout));
    auto* read = std::get_if<Message>(&written);
    const Options* found = read != nullptr ? options_of(*read) : nullptr;
    return found != nullptr && found->authentication ? found->authentication->covered
                                                     : std::vector<std::uint8_t>();
}

} // namespace anchor6::wire
