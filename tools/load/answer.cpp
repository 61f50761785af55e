// SPDX-License-Identifier: GPL-2.0-or-later
#include "answer.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "hex.h"
#include "wire/reader.h"
#include "wire/writer.h"

namespace anchor6::load {

namespace {

constexpr std::uint8_t destination_unreachable = 1;
constexpr std::uint8_t packet_too_big = 2;
constexpr std::uint8_t time_exceeded = 3;
constexpr std::uint8_t parameter_problem = 4;
constexpr unsigned lifetime_unit = 4;

bool is_of(const Request& request, const wire::Address& address) {
    return address == request.source || (request.home_address && address == *request.home_address);
}

bool has_good_checksum(const wire::Ipv6Packet& packet) {
    return wire::checksum(packet.checksum_source(), packet.checksum_destination(), packet.protocol,
                          packet.payload) == 0;
}

std::optional<Answer> read_message(wire::Ipv6Packet packet) {
    const auto parsed = wire::parse(packet.payload);
    if (const auto* error = std::get_if<wire::ParseError>(&parsed)) {
        return Answer{std::move(packet), *error};
    }
    const auto& message = std::get<wire::Message>(parsed);
    if (const auto* acknowledgement = std::get_if<wire::BindingAcknowledgement>(&message)) {
        return Answer{std::move(packet), *acknowledgement};
    }
    if (const auto* error = std::get_if<wire::BindingError>(&message)) {
        return Answer{std::move(packet), *error};
    }
    return std::nullopt;
}

/// The error quotes as much of the packet as fits: its addresses tell whose it was.
std::optional<Answer> read_icmp_error(wire::Ipv6Packet packet, const Request& request) {
    constexpr std::size_t before_addresses = 8;
    wire::Reader reader(packet.payload);
    const IcmpError error{reader.u8(), reader.u8(), (reader.skip(2), reader.u32())};
    reader.skip(before_addresses);
    const wire::Address source = reader.address();
    const wire::Address destination = reader.address();
    const bool is_error = error.type >= destination_unreachable && error.type <= parameter_problem;
    if (!reader.ok() || !is_error || !is_of(request, source) || destination != request.anchor) {
        return std::nullopt;
    }
    return Answer{std::move(packet), error};
}

std::string_view icmp_name(std::uint8_t type) {
    switch (type) {
    case destination_unreachable:
        return "destination unreachable";
    case packet_too_big:
        return "packet too big";
    case time_exceeded:
        return "time exceeded";
    default:
        return "parameter problem";
    }
}

std::string_view binding_error_text(std::uint8_t status) {
    switch (status) {
    case wire::BindingError::unknown_binding:
        return "unknown binding for the home address";
    case wire::BindingError::unrecognized_type:
        return "unrecognized MH type";
    default:
        return "unassigned";
    }
}

std::string_view name_of(const wire::BindingAcknowledgement& acknowledgement) {
    return (acknowledgement.flags & wire::ba_flag::proxy_registration) != 0 ? "PBA" : "BA";
}

std::string seconds_text(wire::Timestamp timestamp) {
    constexpr std::uint64_t microseconds = 1'000'000;
    return fmt::format("{}.{:06}", timestamp >> 16, (timestamp & 0xffff) * microseconds >> 16);
}

double milliseconds(std::chrono::nanoseconds delay) {
    return std::chrono::duration<double, std::milli>(delay).count();
}

std::string prefix_text(const wire::PrefixOption& option) {
    return fmt::format("{}/{}", option.prefix.to_string(), option.length);
}

std::string options_text(const wire::Options& options) {
    std::string text;
    for (const wire::PrefixOption& prefix : options.home_network_prefixes) {
        text += " prefix " + prefix_text(prefix);
    }
    if (options.timestamp) {
        text += " timestamp " + seconds_text(*options.timestamp);
    }
    if (options.link_local_address) {
        text += " link-local " + options.link_local_address->to_string();
    }
    if (options.refresh_advice) {
        text += fmt::format(" refresh {} s", *options.refresh_advice * lifetime_unit);
    }
    return text;
}

std::string content_text(const wire::BindingAcknowledgement& acknowledgement) {
    return fmt::format("{} {} ({}) sequence {} lifetime {} s{}", name_of(acknowledgement),
                       static_cast<unsigned>(acknowledgement.status),
                       wire::status_text(acknowledgement.status), acknowledgement.sequence,
                       acknowledgement.lifetime * lifetime_unit,
                       options_text(acknowledgement.options));
}

std::string content_text(const wire::BindingError& error) {
    return fmt::format("BE {} ({}) home address {}", error.status, binding_error_text(error.status),
                       error.home_address.to_string());
}

std::string content_text(const IcmpError& error) {
    const std::string text =
        fmt::format("ICMPv6 {} ({}) code {}", error.type, icmp_name(error.type), error.code);
    return error.type == parameter_problem ? text + fmt::format(" pointer {}", error.pointer)
                                           : text;
}

std::string content_text(const wire::ParseError& error) {
    return fmt::format("unreadable answer: MH type {}, {} at octet {}", error.type,
                       wire::fault_text(error.fault), error.offset);
}

nlohmann::json options_json(const wire::Options& options) {
    nlohmann::json json = nlohmann::json::object();
    json["prefixes"] = nlohmann::json::array();
    for (const wire::PrefixOption& prefix : options.home_network_prefixes) {
        json["prefixes"].push_back(prefix_text(prefix));
    }
    if (options.mn_identifier) {
        json["mn_identifier"] = options.mn_identifier->identifier;
    }
    if (options.handoff_indicator) {
        json["handoff_indicator"] = *options.handoff_indicator;
    }
    if (options.access_technology_type) {
        json["access_technology_type"] = *options.access_technology_type;
    }
    if (options.timestamp) {
        json["timestamp"] = seconds_text(*options.timestamp);
        wire::Writer writer;
        writer.u64(*options.timestamp);
        json["timestamp_raw"] = to_hex(writer.octets());
    }
    if (options.link_layer_identifier) {
        json["link_layer_identifier"] = to_hex(*options.link_layer_identifier);
    }
    if (options.link_local_address) {
        json["link_local_address"] = options.link_local_address->to_string();
    }
    if (options.refresh_advice) {
        json["refresh_advice"] = *options.refresh_advice * lifetime_unit;
    }
    return json;
}

nlohmann::json content_json(const wire::BindingAcknowledgement& acknowledgement) {
    nlohmann::json json = options_json(acknowledgement.options);
    json["answer"] = name_of(acknowledgement);
    json["status"] = static_cast<unsigned>(acknowledgement.status);
    json["text"] = wire::status_text(acknowledgement.status);
    json["flags"] = acknowledgement.flags;
    json["sequence"] = acknowledgement.sequence;
    json["lifetime"] = acknowledgement.lifetime * lifetime_unit;
    return json;
}

nlohmann::json content_json(const wire::BindingError& error) {
    return {{"answer", "BE"},
            {"status", error.status},
            {"text", binding_error_text(error.status)},
            {"home_address", error.home_address.to_string()}};
}

nlohmann::json content_json(const IcmpError& error) {
    nlohmann::json json{{"answer", "ICMPv6"},
                        {"type", error.type},
                        {"code", error.code},
                        {"text", icmp_name(error.type)}};
    if (error.type == parameter_problem) {
        json["pointer"] = error.pointer;
    }
    return json;
}

nlohmann::json content_json(const wire::ParseError& error) {
    return {{"answer", "unreadable"},
            {"type", error.type},
            {"text", wire::fault_text(error.fault)},
            {"offset", error.offset}};
}

} // namespace

bool Answer::is_success() const {
    const auto* acknowledgement = std::get_if<wire::BindingAcknowledgement>(&content);
    return acknowledgement != nullptr && !wire::is_refusal(acknowledgement->status);
}

std::optional<std::uint16_t> Answer::sequence() const {
    const auto* acknowledgement = std::get_if<wire::BindingAcknowledgement>(&content);
    if (acknowledgement == nullptr ||
        acknowledgement->status == wire::Status::sequence_out_of_window) {
        return std::nullopt;
    }
    return acknowledgement->sequence;
}

std::optional<Answer> read_answer(std::span<const std::uint8_t> octets, const Request& request) {
    auto parsed = wire::parse_packet(octets);
    auto* packet = std::get_if<wire::Ipv6Packet>(&parsed);
    if (packet == nullptr || !is_of(request, packet->checksum_destination()) ||
        !has_good_checksum(*packet)) {
        return std::nullopt;
    }
    if (packet->protocol == wire::next_header::icmpv6) {
        return read_icmp_error(std::move(*packet), request);
    }
    if (packet->protocol == wire::next_header::mobility && packet->source == request.anchor) {
        return read_message(std::move(*packet));
    }
    return std::nullopt;
}

std::string to_text(const Answer& answer, std::chrono::nanoseconds delay) {
    const std::string text =
        std::visit([](const auto& content) { return content_text(content); }, answer.content);
    const std::string through = answer.packet.routing_address
                                    ? " to " + answer.packet.routing_address->to_string() +
                                          " through " + answer.packet.destination.to_string()
                                    : "";
    return fmt::format("{}{} ({:.1f} ms)", text, through, milliseconds(delay));
}

std::string to_json(const Answer& answer, std::chrono::nanoseconds delay) {
    nlohmann::json json =
        std::visit([](const auto& content) { return content_json(content); }, answer.content);
    json["source"] = answer.packet.source.to_string();
    json["destination"] = answer.packet.destination.to_string();
    if (answer.packet.routing_address) {
        json["routing_address"] = answer.packet.routing_address->to_string();
    }
    json["milliseconds"] = milliseconds(delay);
    return json.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

} // namespace anchor6::load
