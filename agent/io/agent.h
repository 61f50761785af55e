// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/counter.h"
#include "core/event.h"
#include "core/time.h"
#include "io/anchor_role.h"
#include "io/config_file.h"
#include "io/config_reader.h"
#include "io/control_protocol.h"
#include "io/control_server.h"
#include "io/event_loop.h"
#include "io/gateway_role.h"
#include "io/mobility_socket.h"
#include "io/node_role.h"
#include "io/role_services.h"
#include "io/settings.h"

namespace anchor6::io {

/// One process with one or more roles. It owns what they share: the loop, signals, the socket of
/// Mobility Header messages, the control socket and the configuration's files.
class Agent {
public:
    /// Opens everything. Throws std::exception with a reason for a person.
    Agent(ConfigFile config, const std::string& config_path);

    /// Serves until SIGTERM or SIGINT.
    void run();

private:
    template <class Visit>
    void each_role(Visit visit) {
        if (anchor_)
            visit(*anchor_);
        if (node_)
            visit(*node_);
        if (gateway_)
            visit(*gateway_);
    }

    RoleServices services();
    void watch();
    /// After each event: hands on the effects and waits for the next deadline.
    void settle();

    void on_messages();
    void on_message(const Incoming& incoming, core::Now time);
    void on_deadline();
    void on_terminate();
    void on_reload();
    void on_config(ConfigFile file);
    void apply(ConfigFile file);
    ControlView control_view();
    std::string answer(std::string_view line);
    void stop_when_drained();

    Settings settings_;
    core::Counters counters_;
    // Before what has a thread, which must inherit the blocked signals.
    EventLoop loop_;
    std::vector<core::Send> sends_;
    std::optional<AnchorRole> anchor_;
    std::optional<NodeRole> node_;
    std::optional<GatewayRole> gateway_;
    MobilitySocket socket_;
    ConfigReader config_reader_;
    std::optional<core::BootTime> stop_at_;

    EventSource message_source_;
    EventSource deadline_source_;
    EventSource terminate_source_;
    EventSource interrupt_source_;
    EventSource reload_source_;
    std::optional<ControlServer> control_;
};

} // namespace anchor6::io
