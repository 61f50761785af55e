// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/config_reader.h"

#include <utility>

#include <sys/epoll.h>
#include <sys/eventfd.h>

#include "io/system_error.h"

namespace anchor6::io {

ConfigReader::ConfigReader(EventLoop& loop, std::string path, std::function<void(ConfigFile)> done)
    : path_(std::move(path)), done_(std::move(done)), event_(eventfd(0, EFD_CLOEXEC)) {
    if (!event_)
        throw system_error("eventfd");
    loop.watch_fd(source_, event_.get(), EPOLLIN, EventLoop::Urgency::control,
                  [this](std::uint32_t) { finish(); });
}

// Each thread waits for the one before it, so that the loop need not.
void ConfigReader::begin() {
    if (std::exchange(reading_, true)) {
        again_ = true;
        return;
    }
    thread_ = std::jthread([this, before = std::move(thread_)](const std::stop_token& stop) {
        result_ = read_config_file(path_, stop);
        eventfd_write(event_.get(), 1);
    });
}

void ConfigReader::free(std::shared_ptr<const void> value) {
    thread_ = std::jthread(
        [before = std::move(thread_), value = std::move(value)]() mutable { value.reset(); });
}

void ConfigReader::finish() {
    eventfd_t count = 0;
    eventfd_read(event_.get(), &count);
    reading_ = false;
    done_(std::move(*std::exchange(result_, std::nullopt)));
    if (std::exchange(again_, false))
        begin();
}

} // namespace anchor6::io
