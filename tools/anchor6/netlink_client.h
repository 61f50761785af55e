// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include <netlink/netlink.h>

#include "message.h"

namespace anchor6::cli {

/// A socket of the family "anchor6". What the kernel refuses is thrown as a Failure with its
/// reason.
class NetlinkClient {
public:
    using Handler = std::function<void(Message&&)>;

    /// Throws Failure when the module is not loaded.
    NetlinkClient();

    /// Sends a request and waits for its acknowledgement. `flags` are NLM_F_CREATE and the like.
    void execute(const Message& request, int flags = 0);

    /// A request with one answer.
    Message query(const Message& request);

    /// All objects of a dump. The dump is repeated while changes interrupt it; a table that never
    /// holds still is read as it comes, and a warning on the standard error says so.
    template <class Object>
    std::vector<Object> dump(const Message& request, std::optional<Object> Message::*object) {
        std::vector<Object> objects;
        dump(
            request, [&] { objects.clear(); },
            [&](Message&& message) {
                if (message.*object)
                    objects.push_back(std::move(*(message.*object)));
            });
        return objects;
    }

    /// Calls `handler` for each notification, for ever.
    void listen(const Handler& handler);

private:
    struct SocketDeleter {
        void operator()(nl_sock* socket) const { nl_socket_free(socket); }
    };

    struct Exchange;

    void send(const Message& request, int flags);
    void run(Exchange& exchange);
    void dump(const Message& request, const std::function<void()>& restart, const Handler& handler);
    void join(const char* group);

    std::unique_ptr<nl_sock, SocketDeleter> socket_;
    int family_ = 0;
};

} // namespace anchor6::cli
