// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/config_report.h"

#include <algorithm>

namespace anchor6::io {

void ConfigReport::error(const ConfigPlace& place, const std::string& text) {
    errors_.push_back({place, text});
}

void ConfigReport::warning(const ConfigPlace& place, const std::string& text) {
    warnings_.push_back({place, text});
}

std::vector<std::string> ConfigReport::errors() const {
    return lines(errors_);
}

std::vector<std::string> ConfigReport::warnings() const {
    return lines(warnings_);
}

std::vector<std::string> ConfigReport::lines(std::vector<Remark> remarks) const {
    std::ranges::stable_sort(remarks, {}, [](const Remark& remark) { return remark.place.line; });
    std::vector<std::string> lines;
    for (const Remark& remark : remarks) {
        std::string line = file_ + ":" + std::to_string(remark.place.line) + ": ";
        if (!remark.place.key.empty())
            line += remark.place.key + ": ";
        lines.push_back(line + remark.text);
    }
    return lines;
}

} // namespace anchor6::io
