// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/config_report.h"

#include <algorithm>
#include <utility>

namespace anchor6::io {

namespace {

constexpr std::size_t remarks_max = 100;

} // namespace

std::uint32_t ConfigReport::add_file(std::string file) {
    files_.push_back(std::move(file));
    return static_cast<std::uint32_t>(files_.size() - 1);
}

void ConfigReport::error(const ConfigPlace& place, const std::string& text) {
    add(errors_, place, text);
}

// What is true of each line of a long file is said once.
void ConfigReport::warning(const ConfigPlace& place, const std::string& text) {
    const auto same = std::ranges::find_if(warnings_.remarks, [&](const Remark& remark) {
        return place.file != 0 && remark.place.file == place.file && remark.text == text;
    });
    if (same != warnings_.remarks.end())
        ++same->repeated;
    else
        add(warnings_, place, text);
}

void ConfigReport::add(Remarks& remarks, const ConfigPlace& place, const std::string& text) {
    if (remarks.remarks.size() < remarks_max)
        remarks.remarks.push_back({place, text});
    else
        ++remarks.dropped;
}

std::string ConfigReport::reference(const ConfigPlace& place, const ConfigPlace& from) const {
    const std::string line = std::to_string(place.line);
    return place.file == from.file ? "line " + line : files_[place.file] + ":" + line;
}

std::string ConfigReport::line(const Remark& remark) const {
    std::string line = files_[remark.place.file] + ":" + std::to_string(remark.place.line) + ": ";
    if (!remark.place.key.empty())
        line += remark.place.key + ": ";
    line += remark.text;
    if (remark.repeated != 0)
        line += ", and so in " + std::to_string(remark.repeated) + " other lines";
    return line;
}

std::vector<std::string> ConfigReport::lines(const Remarks& remarks) const {
    std::vector<Remark> sorted = remarks.remarks;
    std::ranges::stable_sort(sorted, {}, [](const Remark& remark) {
        return std::pair{remark.place.file, remark.place.line};
    });
    std::vector<std::string> lines;
    lines.reserve(sorted.size() + 1);
    for (const Remark& remark : sorted)
        lines.push_back(line(remark));
    if (remarks.dropped != 0)
        lines.push_back(files_.front() + ": and " + std::to_string(remarks.dropped) + " more");
    return lines;
}

} // namespace anchor6::io
