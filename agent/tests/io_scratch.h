// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace anchor6::tests {

/// A folder of a test's own, gone at its end.
class Scratch {
public:
    Scratch() {
        std::string name = std::filesystem::temp_directory_path() / "anchor6-XXXXXX";
        path_ = mkdtemp(name.data());
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    ~Scratch() { std::filesystem::remove_all(path_); }

    std::string file(const std::string& name) const { return path_ / name; }
    std::string write(const std::string& name, const std::string& text) const {
        std::ofstream{file(name), std::ios::binary} << text;
        return file(name);
    }
    /// The number of files whose name starts so.
    int count(const std::string& start) const {
        int found = 0;
        for (const auto& entry : std::filesystem::directory_iterator{path_})
            found += entry.path().filename().string().starts_with(start) ? 1 : 0;
        return found;
    }

private:
    std::filesystem::path path_;
};

} // namespace anchor6::tests
