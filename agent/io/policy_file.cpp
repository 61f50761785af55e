// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/policy_file.h"

#include <array>
#include <fstream>
#include <string_view>
#include <variant>

#include "io/config_json.h"
#include "io/config_peers.h"

namespace anchor6::io {

namespace {

constexpr std::size_t line_size_max = 65536;
constexpr std::size_t nodes_max = 1U << 22;

/// The lines of a stream without their ends, one after the other in the same place.
class LineReader {
public:
    explicit LineReader(std::istream& stream) : stream_(stream) {}

    /// False: none is left, or it is too long.
    bool next() {
        stream_.getline(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
        ++number_;
        return !stream_.fail();
    }
    bool is_too_long() const { return !stream_.eof() && !stream_.bad(); }
    std::uint32_t number() const { return number_; }

    std::string_view text() const {
        // The end of the line counts, unless the file ends without.
        auto size = static_cast<std::size_t>(stream_.gcount()) - (stream_.eof() ? 0 : 1);
        if (size != 0 && buffer_[size - 1] == '\r')
            --size;
        return {buffer_.data(), size};
    }

private:
    std::istream& stream_;
    std::array<char, line_size_max + 1> buffer_{};
    std::uint32_t number_ = 0;
};

void read_line(std::string_view text, const ConfigPlace& place, core::Config& config,
               ConfigClaims& claims, ConfigReport& report) {
    const auto parsed = parse_json(text, place.line);
    if (const auto* fault = std::get_if<JsonFault>(&parsed))
        report.error(place, fault->text);
    else
        read_node(ConfigTable{std::get<ConfigValue>(parsed), "", report, place.file}, config,
                  claims, report);
}

} // namespace

void read_policy_file(const std::string& path, core::Config& config, ConfigClaims& claims,
                      ConfigReport& report, const std::stop_token& stop) {
    const std::uint32_t file = report.add_file(path);
    claims.node_files.push_back({file, static_cast<std::uint32_t>(config.nodes.size()), ""});
    std::ifstream stream{path, std::ios::binary};
    if (!stream)
        return report.error({0, "", file}, "cannot be read");
    LineReader lines{stream};
    while (lines.next()) {
        const ConfigPlace place{lines.number(), "", file};
        if (stop.stop_requested())
            return report.error(place, "nobody waits for the rest");
        if (config.nodes.size() == nodes_max)
            return report.error(place, "more than " + std::to_string(nodes_max) + " nodes");
        if (!lines.text().empty())
            read_line(lines.text(), place, config, claims, report);
    }
    if (lines.is_too_long())
        report.error({lines.number(), "", file},
                     "is longer than " + std::to_string(line_size_max) + " octets");
    else if (stream.bad())
        report.error({lines.number(), "", file}, "cannot be read further");
}

} // namespace anchor6::io
