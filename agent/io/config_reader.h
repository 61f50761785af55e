// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "io/config_file.h"
#include "io/event_loop.h"
#include "io/file_descriptor.h"

namespace anchor6::io {

/// Reads a configuration while the loop serves on: a policy of a million nodes takes seconds.
class ConfigReader {
public:
    /// `done` is called in the loop's thread.
    ConfigReader(EventLoop& loop, std::string path, std::function<void(ConfigFile)> done);

    /// Once more after the one under way, if there is one: the files may have changed since.
    void begin();
    /// What nobody uses any longer takes long to free, too.
    void free(std::shared_ptr<const void> value);

private:
    void finish();

    std::string path_;
    std::function<void(ConfigFile)> done_;
    FileDescriptor event_;
    EventSource source_;
    bool reading_ = false;
    bool again_ = false;
    /// The thread's until it has written to `event_`.
    std::optional<ConfigFile> result_;
    // Last: it must end before what it uses.
    std::jthread thread_;
};

} // namespace anchor6::io
