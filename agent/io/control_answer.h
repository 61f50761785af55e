// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "core/time.h"
#include "wire/address.h"
#include "wire/status.h"

namespace anchor6::io {

using Json = nlohmann::ordered_json;

struct ControlAnswer {
    /// One JSON object and a line feed.
    std::string line;
    /// The request was a command.
    bool ok = false;
};

ControlAnswer accept_request(const Json& answer);
ControlAnswer refuse_request(const std::string& error);

/// A member of a request; nothing: it is missing or no text.
std::optional<std::string> text_of(const Json& request, const char* name);

Json texts_of(const std::vector<wire::Prefix>& prefixes);

/// Milliseconds until then, 0 after it; null: there is no such time.
Json remaining_ms(const std::optional<core::BootTime>& time, core::Now now);
/// Number and text; null: nobody has said any.
Json status_of(const std::optional<wire::Status>& status);

} // namespace anchor6::io
