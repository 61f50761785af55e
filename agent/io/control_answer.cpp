// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/control_answer.h"

#include <algorithm>
#include <chrono>
#include <cstdint>

#include <nlohmann/json.hpp>

namespace anchor6::io {

namespace {

ControlAnswer finish(const Json& answer, bool ok) {
    // Identifiers are the peers' octets, not always UTF-8.
    return {answer.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n", ok};
}

} // namespace

ControlAnswer accept_request(const Json& answer) {
    return finish(answer, true);
}

ControlAnswer refuse_request(const std::string& error) {
    return finish({{"ok", false}, {"error", error}}, false);
}

std::optional<std::string> text_of(const Json& request, const char* name) {
    auto member = request.find(name);
    if (member == request.end() || !member->is_string())
        return std::nullopt;
    return member->get<std::string>();
}

Json texts_of(const std::vector<wire::Prefix>& prefixes) {
    Json texts = Json::array();
    for (const wire::Prefix& prefix : prefixes)
        texts.push_back(prefix.to_string());
    return texts;
}

Json remaining_ms(const std::optional<core::BootTime>& time, core::Now now) {
    using std::chrono::milliseconds;
    if (!time)
        return nullptr;
    return std::max<std::int64_t>(
        0, std::chrono::duration_cast<milliseconds>(*time - now.boot).count());
}

Json status_of(const std::optional<wire::Status>& status) {
    if (!status)
        return nullptr;
    return {{"code", static_cast<unsigned>(*status)}, {"text", wire::status_text(*status)}};
}

} // namespace anchor6::io
