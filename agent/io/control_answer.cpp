// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/control_answer.h"

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

} // namespace anchor6::io
