// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <functional>

#include "io/event_loop.h"
#include "io/file_descriptor.h"

namespace anchor6::io {

/// Notices when somebody sets the real time clock. Slewing is no step: it moves boot time as well.
class ClockWatch {
public:
    /// `stepped` gets how far forward the clock went, or with a negative value back.
    ClockWatch(EventLoop& loop, std::function<void(std::chrono::nanoseconds)> stepped);

private:
    void arm();
    void on_cancelled();

    FileDescriptor timer_;
    std::function<void(std::chrono::nanoseconds)> stepped_;
    /// Real time minus boot time.
    std::chrono::nanoseconds offset_;
    EventSource source_;
};

} // namespace anchor6::io
