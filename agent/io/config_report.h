// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace anchor6::io {

/// Where a value stands in the config file.
struct ConfigPlace {
    std::uint32_t line = 0;
    /// As in "mag[2].addresses[0]".
    std::string key;
};

/// Everything that a config checker has to say about one file, not only the first thing.
class ConfigReport {
public:
    explicit ConfigReport(std::string file) : file_(std::move(file)) {}

    void error(const ConfigPlace& place, const std::string& text);
    void warning(const ConfigPlace& place, const std::string& text);

    bool failed() const { return !errors_.empty(); }
    /// Lines "FILE:LINE: KEY: TEXT" in the order of the file.
    std::vector<std::string> errors() const;
    std::vector<std::string> warnings() const;

private:
    struct Remark {
        ConfigPlace place;
        std::string text;
    };

    std::vector<std::string> lines(std::vector<Remark> remarks) const;

    std::string file_;
    std::vector<Remark> errors_;
    std::vector<Remark> warnings_;
};

} // namespace anchor6::io
