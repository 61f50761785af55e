// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/event.h"
#include "core/time.h"
#include "io/event_loop.h"
#include "io/file_descriptor.h"
#include "io/neighbour_socket.h"

namespace anchor6::io {

/// Duplicate address detection on home links in the place of nodes that are away (RFC 6275 section
/// 10.3.1, RFC 4862 section 5.4): one solicitation, then a second of listening.
class AddressProbes {
public:
    using Ended = std::function<void(const core::AddressProbed&)>;

    /// `ended` is called once for each probe, never before begin() has returned.
    AddressProbes(EventLoop& loop, Ended ended);

    void begin(const core::ProbeAddress& probe);

private:
    using Outcome = core::AddressProbed::Outcome;
    /// A link with probes, now or before; it stays until it fails.
    struct Listening {
        NeighbourSocket socket;
        EventSource source;
        std::multimap<wire::Address, core::ProbeId> probes;

        explicit Listening(const std::string& link)
            : socket(link, NeighbourSocket::Use::speak_and_listen) {}
    };
    struct Probe {
        std::string link;
        std::vector<wire::Address> addresses;
        core::BootTime ends;
        /// How it ends if nobody is heard.
        Outcome outcome = Outcome::failed;
        /// Member of the solicited-node groups, so that others' probes are heard.
        FileDescriptor membership;
    };

    bool is_own(const core::ProbeAddress& probe);
    Listening& listen(const std::string& link);
    FileDescriptor solicit(const core::ProbeAddress& probe);
    void hear(const std::string& link);
    void fail(const std::string& link);
    void end_duplicates(const std::string& link, const wire::Address& address);
    void end(core::ProbeId id, Outcome outcome);
    void end_due();
    void arm();

    EventLoop* loop_;
    Ended ended_;
    std::map<std::string, Listening> links_;
    std::map<core::ProbeId, Probe> probes_;
    std::multimap<core::BootTime, core::ProbeId> deadlines_;
    EventSource timer_;
};

} // namespace anchor6::io
