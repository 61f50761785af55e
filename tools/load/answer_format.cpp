// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "answer.h"
#include "hex.h"
#include "wire/writer.h"

namespace anchor6::load {

namespace {

constexpr unsigned lifetime_unit = 4;

std::string_view icmp_name(std::uint8_t type) {
    switch (type) {
    case IcmpError::destination_unreachable:
        return "destination unreachable";
    case IcmpError::packet_too_big:
        return "packet too big";
    case IcmpError::time_exceeded:
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
    if (options.message_id) {
        text += fmt::format(" message-id {}", *options.message_id);
    }
    return text;
}

std::string_view authenticity_text(Authenticity authenticity) {
    switch (authenticity) {
    case Authenticity::unchecked:
        return "unchecked";
    case Authenticity::missing:
        return "missing";
    case Authenticity::bad:
        return "bad";
    case Authenticity::good:
        return "ok";
    }
    return "";
}

/// An answer to who has no key says nothing of an authenticator unless there is one.
bool has_authenticity(const Answer& answer) {
    const auto* acknowledgement = std::get_if<wire::BindingAcknowledgement>(&answer.content);
    return acknowledgement != nullptr && (answer.authenticity != Authenticity::unchecked ||
                                          acknowledgement->options.authentication);
}

bool is_of_mobile_router(const wire::BindingAcknowledgement& acknowledgement) {
    return (acknowledgement.flags & wire::ba_flag::mobile_router) != 0;
}

std::string content_text(const wire::BindingAcknowledgement& acknowledgement) {
    return fmt::format("{} {} ({}) sequence {} lifetime {} s{}{}", name_of(acknowledgement),
                       static_cast<unsigned>(acknowledgement.status),
                       wire::status_text(acknowledgement.status), acknowledgement.sequence,
                       acknowledgement.lifetime * lifetime_unit,
                       is_of_mobile_router(acknowledgement) ? " mobile router" : "",
                       options_text(acknowledgement.options));
}

std::string content_text(const wire::BindingError& error) {
    return fmt::format("BE {} ({}) home address {}", error.status, binding_error_text(error.status),
                       error.home_address.to_string());
}

std::string content_text(const wire::HomeAgentDiscoveryReply& reply) {
    std::string text = fmt::format("DHAAD reply identifier {}{} home agents", reply.identifier,
                                   reply.mobile_router ? " mobile router" : "");
    for (const wire::Address& home_agent : reply.home_agents) {
        text += ' ' + home_agent.to_string();
    }
    return text;
}

std::string flags_text(const wire::PrefixInformation& prefix) {
    return std::string(prefix.on_link ? "L" : "") + (prefix.autonomous ? "A" : "") +
           (prefix.router_address ? "R" : "");
}

std::string prefix_text(const wire::PrefixInformation& prefix) {
    return fmt::format("{}/{}", prefix.prefix.to_string(), prefix.length);
}

std::string content_text(const wire::MobilePrefixAdvertisement& advertisement) {
    std::string text = fmt::format("MPA identifier {}", advertisement.identifier);
    for (const wire::PrefixInformation& prefix : advertisement.prefixes) {
        text += fmt::format(" prefix {} flags {} valid {} s preferred {} s", prefix_text(prefix),
                            flags_text(prefix), prefix.valid_lifetime, prefix.preferred_lifetime);
    }
    return text;
}

std::string content_text(const IcmpError& error) {
    const std::string text =
        fmt::format("ICMPv6 {} ({}) code {}", error.type, icmp_name(error.type), error.code);
    return error.type == IcmpError::parameter_problem
               ? text + fmt::format(" pointer {}", error.pointer)
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
    if (options.message_id) {
        json["message_id"] = std::to_string(*options.message_id);
    }
    return json;
}

nlohmann::json content_json(const wire::BindingAcknowledgement& acknowledgement) {
    nlohmann::json json = options_json(acknowledgement.options);
    json["answer"] = name_of(acknowledgement);
    json["status"] = static_cast<unsigned>(acknowledgement.status);
    json["text"] = wire::status_text(acknowledgement.status);
    json["flags"] = acknowledgement.flags;
    json["mobile_router"] = is_of_mobile_router(acknowledgement);
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

nlohmann::json content_json(const wire::HomeAgentDiscoveryReply& reply) {
    nlohmann::json json{{"answer", "DHAAD"},
                        {"identifier", reply.identifier},
                        {"mobile_router", reply.mobile_router},
                        {"home_agents", nlohmann::json::array()}};
    for (const wire::Address& home_agent : reply.home_agents) {
        json["home_agents"].push_back(home_agent.to_string());
    }
    return json;
}

nlohmann::json content_json(const wire::MobilePrefixAdvertisement& advertisement) {
    nlohmann::json json{{"answer", "MPA"},
                        {"identifier", advertisement.identifier},
                        {"managed", advertisement.managed},
                        {"other", advertisement.other},
                        {"prefix_information", nlohmann::json::array()}};
    for (const wire::PrefixInformation& prefix : advertisement.prefixes) {
        json["prefix_information"].push_back({{"prefix", prefix_text(prefix)},
                                              {"on_link", prefix.on_link},
                                              {"autonomous", prefix.autonomous},
                                              {"router_address", prefix.router_address},
                                              {"valid_lifetime", prefix.valid_lifetime},
                                              {"preferred_lifetime", prefix.preferred_lifetime}});
    }
    return json;
}

nlohmann::json content_json(const IcmpError& error) {
    nlohmann::json json{{"answer", "ICMPv6"},
                        {"type", error.type},
                        {"code", error.code},
                        {"text", icmp_name(error.type)}};
    if (error.type == IcmpError::parameter_problem) {
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

std::string to_text(const Answer& answer, std::chrono::nanoseconds delay) {
    std::string text =
        std::visit([](const auto& content) { return content_text(content); }, answer.content);
    if (has_authenticity(answer)) {
        text += fmt::format(" authenticator {}", authenticity_text(answer.authenticity));
    }
    const std::string through = answer.packet.routing_address
                                    ? " to " + answer.packet.routing_address->to_string() +
                                          " through " + answer.packet.destination.to_string()
                                    : "";
    return fmt::format("{}{} ({:.1f} ms)", text, through, milliseconds(delay));
}

std::string to_json(const Answer& answer, std::chrono::nanoseconds delay) {
    nlohmann::json json =
        std::visit([](const auto& content) { return content_json(content); }, answer.content);
    if (has_authenticity(answer)) {
        json["authenticator"] = authenticity_text(answer.authenticity);
    }
    json["source"] = answer.packet.source.to_string();
    json["destination"] = answer.packet.destination.to_string();
    if (answer.packet.routing_address) {
        json["routing_address"] = answer.packet.routing_address->to_string();
    }
    json["milliseconds"] = milliseconds(delay);
    return json.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

} // namespace anchor6::load
