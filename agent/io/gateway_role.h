// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "core/gateway.h"
#include "io/clock_watch.h"
#include "io/control_gateway.h"
#include "io/gateway_links.h"
#include "io/gateway_paths.h"
#include "io/presence_probes.h"
#include "io/role_services.h"

namespace anchor6::io {

/// The mobile access gateway at work: brings what happens on its access links to the core as
/// events, and carries out the effects. When it ends, no packet of a node is forwarded any more.
class GatewayRole {
public:
    /// Opens everything, and removes what an earlier run left. Throws std::exception with a reason
    /// for a person.
    GatewayRole(std::shared_ptr<const core::GatewayConfig> config, RoleServices services);

    /// Looks whether those are there whom an earlier run served.
    void begin();

    /// A Mobility Header message to that address is this role's.
    bool serves(const wire::Address& destination) const { return destination == config_->address; }
    void receive(const core::MessageReceived& received, core::Now time) { decide(received, time); }
    /// After each event; the effects are carried out by then.
    void settle(core::BootTime /*time*/) {}
    /// There is room for more messages.
    bool ready() const { return true; }
    /// Nothing is under way.
    bool idle() const { return true; }
    std::optional<core::BootTime> next_deadline() const { return gateway_.next_deadline(); }
    void on_deadline();

    void apply(const core::GatewayConfig& read);

    GatewayView view();
    const core::Counters& counters() const { return gateway_.counters(); }

private:
    GatewayLinks::Handlers link_handlers();
    void decide(const core::GatewayEvent& event);
    void decide(const core::GatewayEvent& event, core::Now time);
    void step(const core::GatewayEvent& event, core::Now time);
    void carry_out(const core::GatewayEffect& effect);
    bool install(const core::NodeForwarding& forwarding);

    void on_heard(const core::AccessPoint& at, const NeighbourPacket& packet);
    void on_noticed(const core::AccessPoint& at, bool there);
    void on_probed(const core::NodeProbed& probed);
    void solicit(const core::AccessPoint& at, const wire::Address& target);
    bool has_link_events(const std::string& interface) const;

    std::shared_ptr<const core::GatewayConfig> config_;
    RoleServices services_;
    core::Gateway gateway_;
    /// Whom the kernel knew before all was removed.
    std::vector<core::AccessPoint> earlier_;
    GatewayPaths paths_;
    PresenceProbes probes_;
    GatewayLinks links_;
    ClockWatch clock_watch_;
    /// A bridge has forgotten them: who does not answer is gone.
    std::set<core::AccessPoint> doubtful_;
    /// What carrying out an effect has led to.
    std::deque<core::GatewayEvent> events_;
    bool deciding_ = false;
};

} // namespace anchor6::io
