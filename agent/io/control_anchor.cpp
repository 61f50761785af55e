// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/control_anchor.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <iterator>

#include <nlohmann/json.hpp>

#include "core/policy.h"
#include "wire/message.h"

namespace anchor6::io {

namespace {

std::string flag_letters(std::uint16_t flags) {
    static constexpr std::array<std::pair<std::uint16_t, char>, 10> letters{{
        {wire::bu_flag::acknowledge, 'A'},
        {wire::bu_flag::home_registration, 'H'},
        {wire::bu_flag::link_local, 'L'},
        {wire::bu_flag::key_management, 'K'},
        {wire::bu_flag::map_registration, 'M'},
        {wire::bu_flag::mobile_router, 'R'},
        {wire::bu_flag::proxy_registration, 'P'},
        {wire::bu_flag::force_udp, 'F'},
        {wire::bu_flag::tlv_header, 'T'},
        {wire::bu_flag::bulk, 'B'},
    }};
    std::string text;
    for (auto [flag, letter] : letters)
        if ((flags & flag) != 0)
            text += letter;
    return text;
}

std::string hexadecimal(std::span<const std::uint8_t> octets) {
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (std::uint8_t octet : octets) {
        text += digits[octet >> 4U];
        text += digits[octet & 0xfU];
    }
    return text;
}

// 48 bits of seconds since 1970, 16 bits of fraction. Whatever a MAG has sent: a year beyond what
// a calendar can name gives null.
Json timestamp_text(const std::optional<std::uint64_t>& timestamp) {
    if (!timestamp)
        return nullptr;
    auto seconds = static_cast<std::time_t>(*timestamp >> 16U);
    auto microseconds = static_cast<unsigned>((*timestamp & 0xffffU) * 1000000U >> 16U);
    std::tm date{};
    if (gmtime_r(&seconds, &date) == nullptr)
        return nullptr;
    std::array<char, 64> text{};
    std::size_t used = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &date);
    std::snprintf(text.data() + used, text.size() - used, ".%06uZ", microseconds);
    return text.data();
}

/// Of the node's profile as it is now; never its key.
std::string_view authentication_of(const core::Node* node) {
    if (node == nullptr || !node->authentication)
        return "";
    return *node->authentication == core::Authentication::mn_ha ? "mn-ha" : "none";
}

Json session(const core::HomeBinding& binding, const core::Policy& policy, core::Now now) {
    bool active = binding.state == core::HomeBinding::State::active;
    return {{"cache", "home"},
            {"home_address", binding.home_address.to_string()},
            {"care_of_address", binding.care_of_address.to_string()},
            {"home_agent", binding.home_agent.to_string()},
            {"prefixes", texts_of(binding.prefixes)},
            {"sequence", binding.sequence},
            {"flags", flag_letters(binding.flags)},
            {"lifetime_s", binding.lifetime.count()},
            {"remaining_ms", remaining_ms(binding.expires, now)},
            {"state", active ? "active" : "remembered"},
            {"group", binding.group},
            {"node", binding.node},
            {"link", binding.link},
            {"authentication", authentication_of(policy.node(binding.node))}};
}

Json session(const core::ProxyBinding& binding, core::Now now) {
    bool active = binding.state == core::ProxyBinding::State::active;
    return {{"cache", "proxy"},
            {"id", binding.id},
            {"mn_id", binding.mn_identifier},
            {"prefixes", texts_of(binding.home_network_prefixes)},
            {"proxy_care_of_address", binding.proxy_care_of_address.to_string()},
            {"lma_address", binding.lma_address.to_string()},
            {"mag", binding.mag},
            {"previous_proxy_care_of_address",
             binding.previous ? Json(binding.previous->proxy_care_of_address.to_string())
                              : Json(nullptr)},
            {"sequence", binding.sequence},
            {"timestamp", timestamp_text(binding.timestamp)},
            {"access_technology", binding.access_technology},
            {"handoff_indicator", binding.handoff_indicator},
            {"link_layer_id", hexadecimal(binding.link_layer_identifier)},
            {"lifetime_s", binding.lifetime.count()},
            {"remaining_ms", remaining_ms(binding.expires, now)},
            {"state", active ? "active" : "being_deleted"},
            {"group", binding.group}};
}

Json place_or_null(const std::optional<core::SessionPlace>& place) {
    if (!place)
        return nullptr;
    return Json::array({place->cache == core::Cache::home ? "home" : "proxy", place->page.part,
                        place->page.buckets, place->page.bucket});
}

// Nothing: it is none.
std::optional<core::SessionPlace> place_of(const Json& request) {
    const auto from = request.find("from");
    if (from == request.end() || from->is_null())
        return core::SessionPlace{};
    constexpr std::size_t words = 4;
    const auto is_number = [](const Json& word) { return word.is_number_unsigned(); };
    if (!from->is_array() || from->size() != words || !from->at(0).is_string() ||
        !std::all_of(std::next(from->begin()), from->end(), is_number))
        return std::nullopt;
    const auto number = [&](std::size_t word) { return from->at(word).get<std::size_t>(); };
    return core::SessionPlace{from->at(0) == "home" ? core::Cache::home : core::Cache::proxy,
                              {number(1), number(2), number(3)}};
}

// A million of them are asked for a page at a time, since whoever registers waits meanwhile.
ControlAnswer sessions(const Json& request, const AnchorView& view, core::Now now) {
    const auto from = place_of(request);
    if (!from)
        return refuse_request("\"from\" must be the \"next\" of an answer");
    auto page = view.anchor.session_page(*from);
    const bool again = !page;
    if (again)
        page = view.anchor.session_page({});
    Json list = Json::array();
    for (const core::HomeBinding& binding : page->home_bindings)
        list.push_back(session(binding, view.anchor.policy(), now));
    for (const core::ProxyBinding& binding : page->proxy_bindings)
        list.push_back(session(binding, now));
    return accept_request({{"ok", true},
                           {"sessions", std::move(list)},
                           {"again", again},
                           {"next", place_or_null(page->next)}});
}

template <class Duration>
Json milliseconds_or_null(const std::optional<Duration>& duration) {
    return duration ? Json(std::chrono::duration<double, std::milli>(*duration).count())
                    : Json(nullptr);
}

Json mag_path(const core::MagEntry::Path& path) {
    const auto& counter = path.state.restart_counter;
    return {{"proxy_care_of_address", path.path.proxy_care_of_address.to_string()},
            {"lma_address", path.path.lma_address.to_string()},
            {"reachable", path.state.reachable},
            {"missing_heartbeats", path.state.missing},
            {"restart_counter", counter ? Json(*counter) : Json(nullptr)}};
}

Json mags(const AnchorView& view, core::Now now) {
    Json list = Json::array();
    for (const core::MagEntry& mag : view.anchor.mags(now.boot)) {
        Json paths = Json::array();
        for (const core::MagEntry::Path& path : mag.paths)
            paths.push_back(mag_path(path));
        list.push_back({{"name", mag.name},
                        {"sessions", mag.sessions},
                        {"offset_ms", milliseconds_or_null(mag.offset)},
                        {"silence_ms", milliseconds_or_null(mag.silence)},
                        {"revocation_refused", mag.revocation_refused},
                        {"paths", std::move(paths)}});
    }
    return {{"ok", true}, {"mags", std::move(list)}};
}

Json home_agents(const AnchorView& view, core::Now now) {
    Json list = Json::array();
    for (const core::HomeAgentEntry& home_agent : view.anchor.home_agents(now.boot))
        list.push_back({{"link", home_agent.link},
                        {"address", home_agent.address.to_string()},
                        {"preference", home_agent.preference},
                        {"lifetime_s", home_agent.lifetime.count()},
                        {"self", home_agent.self}});
    return {{"ok", true}, {"home_agents", std::move(list)}};
}

// The rest follows the last one of the answer.
ControlAnswer retained_prefixes(const Json& request, const AnchorView& view, core::Now now) {
    constexpr std::size_t page_size = 256;
    const auto from = request.find("from");
    std::optional<wire::Prefix> after;
    if (from != request.end() && !from->is_null()) {
        after = from->is_string() ? wire::Prefix::parse(from->get<std::string>()) : std::nullopt;
        if (!after)
            return refuse_request("\"from\" must be the \"next\" of an answer");
    }
    Json list = Json::array();
    for (const core::RetainedPrefix& retained : view.anchor.retained_page(after, page_size))
        list.push_back({{"prefix", retained.prefix.to_string()},
                        {"mn_id", retained.mn_identifier},
                        {"remaining_ms", remaining_ms(retained.until, now)}});
    Json next = list.size() == page_size ? list.back().at("prefix") : Json(nullptr);
    return accept_request({{"ok", true}, {"prefixes", std::move(list)}, {"next", std::move(next)}});
}

ControlAnswer revoke_sessions(const Json& request, const AnchorView& view) {
    auto mn_identifier = text_of(request, "mn_id");
    if (!mn_identifier)
        return refuse_request("\"mn_id\" must be a text");
    std::optional<std::uint64_t> id;
    if (auto session = request.find("session"); session != request.end()) {
        if (!session->is_number_unsigned())
            return refuse_request("\"session\" must be a number");
        id = session->get<std::uint64_t>();
    }
    std::size_t count = view.anchor.sessions(*mn_identifier, id).size();
    if (count == 0)
        return refuse_request("there is no such session");
    view.decide(core::RevokeSessions{*mn_identifier, id});
    return accept_request({{"ok", true}, {"sessions", count}});
}

ControlAnswer revoke_mag(const Json& request, const AnchorView& view, core::Now now) {
    auto name = text_of(request, "mag");
    if (!name)
        return refuse_request("\"mag\" must be a text");
    for (const core::MagEntry& mag : view.anchor.mags(now.boot))
        if (mag.name == *name) {
            view.decide(core::RevokeMag{*name});
            return accept_request({{"ok", true}, {"sessions", mag.sessions}});
        }
    return refuse_request("there is no such MAG");
}

} // namespace

std::optional<ControlAnswer> answer_anchor_command(std::string_view command, const Json& request,
                                                   const AnchorView& view, core::Now now) {
    if (command == "sessions")
        return sessions(request, view, now);
    if (command == "retained-prefixes")
        return retained_prefixes(request, view, now);
    if (command == "mags")
        return accept_request(mags(view, now));
    if (command == "home-agents")
        return accept_request(home_agents(view, now));
    if (command == "revoke-sessions")
        return revoke_sessions(request, view);
    if (command == "revoke-mag")
        return revoke_mag(request, view, now);
    return std::nullopt;
}

void add_status(Json& status, const AnchorView& view) {
    status.update({{"instance", view.instance},
                   {"device", view.device},
                   {"restarts", view.restarts},
                   {"home_bindings", view.anchor.home_binding_count()},
                   {"proxy_bindings", view.anchor.proxy_binding_count()},
                   {"retained_prefixes", view.anchor.retained_prefix_count()},
                   {"pending_revocations", view.anchor.pending_revocation_count()},
                   {"nodes", view.anchor.policy().config().nodes.size()},
                   {"pending_transactions", view.pending_transactions}});
}

} // namespace anchor6::io
