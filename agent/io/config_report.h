// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace anchor6::io {

/// Where a value stands in the configuration.
struct ConfigPlace {
    std::uint32_t line = 0;
    /// As in "mag[2].addresses[0]".
    std::string key;
    /// Its number in the report.
    std::uint32_t file = 0;
};

/// Everything that a config checker has to say about the files of a configuration, not only the
/// first thing; bounded, since a file may have a million lines.
class ConfigReport {
public:
    explicit ConfigReport(std::string file) : files_{std::move(file)} {}

    /// The number of another file.
    std::uint32_t add_file(std::string file);
    const std::string& file(std::uint32_t number) const { return files_[number]; }

    void error(const ConfigPlace& place, const std::string& text);
    void warning(const ConfigPlace& place, const std::string& text);

    bool failed() const { return !errors_.remarks.empty(); }
    /// Lines "FILE:LINE: KEY: TEXT" in the order of the files.
    std::vector<std::string> errors() const { return lines(errors_); }
    std::vector<std::string> warnings() const { return lines(warnings_); }

    /// "line 7", with the file when it is another one than that of `from`.
    std::string reference(const ConfigPlace& place, const ConfigPlace& from) const;

private:
    struct Remark {
        ConfigPlace place;
        std::string text;
        /// The same was said of so many other lines of a file.
        std::size_t repeated = 0;
    };
    struct Remarks {
        std::vector<Remark> remarks;
        /// Those that are too many to be kept.
        std::size_t dropped = 0;
    };

    static void add(Remarks& remarks, const ConfigPlace& place, const std::string& text);
    std::vector<std::string> lines(const Remarks& remarks) const;
    std::string line(const Remark& remark) const;

    std::vector<std::string> files_;
    Remarks errors_;
    Remarks warnings_;
};

} // namespace anchor6::io
