// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <string>
#include <string_view>

#include "core/counter.h"
#include "core/time.h"
#include "io/event_loop.h"
#include "io/file_descriptor.h"

namespace anchor6::io {

/// The control socket: one line in, one line out, for root and the group of the agent. Peers,
/// their requests and their patience are bounded, and nobody is waited for.
class ControlServer {
public:
    using Responder = std::function<std::string(std::string_view line)>;

    /// Replaces the socket that a dead agent left; throws std::runtime_error when a live one
    /// listens there.
    ControlServer(const std::string& path, EventLoop& loop, core::Counters& counters,
                  Responder responder);
    ~ControlServer();
    ControlServer(const ControlServer&) = delete;
    ControlServer& operator=(const ControlServer&) = delete;

private:
    struct Peer {
        FileDescriptor fd;
        std::string input;
        std::string output;
        core::BootTime last_heard;
        EventSource source;
    };
    using Peers = std::list<Peer>;

    void accept_peer();
    bool make_room();
    void serve(Peers::iterator peer, std::uint32_t events);
    bool read_request(Peer& peer);
    bool respond(Peer& peer);
    bool flush(Peer& peer);

    std::string path_;
    EventLoop* loop_;
    core::Counters* counters_;
    Responder responder_;
    FileDescriptor listener_;
    Peers peers_;
    EventSource listener_source_;
};

} // namespace anchor6::io
