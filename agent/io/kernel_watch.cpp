// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/kernel_watch.h"

#include <linux/genetlink.h>
#include <linux/rtnetlink.h>
#include <linux/xfrm.h>
#include <netinet/in.h>
#include <sys/epoll.h>

#include <anchor6.h>

#include "io/xfrm_message.h"

namespace anchor6::io {

namespace {

bool tells_of_deletion(const nlmsghdr* message) {
    const auto* header = static_cast<const genlmsghdr*>(mnl_nlmsg_get_payload(message));
    if (mnl_nlmsg_get_payload_len(message) < sizeof(*header) ||
        header->cmd != ANCHOR6_CMD_BINDING_NTF)
        return false;
    NetlinkAttributes<ANCHOR6_A_MAX> attributes{message, sizeof(*header)};
    auto reason = attributes.value<std::uint8_t>(ANCHOR6_A_REASON);
    return reason == ANCHOR6_REASON_DELETED || reason == ANCHOR6_REASON_FLUSHED;
}

} // namespace

std::optional<core::HomeAddressRejected> read_home_address_report(const nlmsghdr* message) {
    const auto* report = static_cast<const xfrm_user_report*>(mnl_nlmsg_get_payload(message));
    if (message->nlmsg_type != XFRM_MSG_REPORT ||
        mnl_nlmsg_get_payload_len(message) < sizeof(*report) || report->proto != IPPROTO_DSTOPTS ||
        report->sel.family != AF_INET6)
        return {};
    NetlinkAttributes<XFRMA_COADDR> attributes{message, sizeof(*report)};
    auto care_of_address = attributes.value<wire::Address::Octets>(XFRMA_COADDR);
    if (!care_of_address)
        return {};
    core::HomeAddressRejected rejected;
    rejected.packet.source = wire::Address{*care_of_address};
    rejected.packet.destination = to_address(report->sel.daddr);
    rejected.packet.home_address = to_address(report->sel.saddr);
    return rejected;
}

KernelWatch::KernelWatch(EventLoop& loop, const KernelClient& kernel, core::Counters& counters,
                         Handlers handlers)
    : counters_(&counters), handlers_(std::move(handlers)),
      interfaces_(NETLINK_ROUTE, RTNLGRP_LINK), bindings_(NETLINK_GENERIC, kernel.binding_group()),
      reports_(NETLINK_XFRM, XFRMNLGRP_REPORT) {
    bindings_.ignore(kernel.port());
    loop.watch_fd(interface_source_, interfaces_.fd(), EPOLLIN, EventLoop::Urgency::control,
                  [this](std::uint32_t) { on_interfaces(); });
    loop.watch_fd(binding_source_, bindings_.fd(), EPOLLIN, EventLoop::Urgency::discovery,
                  [this](std::uint32_t) { on_bindings(); });
    loop.watch_fd(report_source_, reports_.fd(), EPOLLIN, EventLoop::Urgency::discovery,
                  [this](std::uint32_t) { on_reports(); });
}

// What is read tells less than a look at the links themselves, whether it is all there or not.
void KernelWatch::on_interfaces() {
    interfaces_.receive([](const nlmsghdr*) {});
    handlers_.interfaces_changed();
}

void KernelWatch::on_bindings() {
    bool deleted = false;
    bool complete = bindings_.receive([&](const nlmsghdr* message) {
        if (!tells_of_deletion(message))
            return;
        counters_->add(core::Counter::kernel_notifications);
        deleted = true;
    });
    if (!complete)
        counters_->add(core::Counter::kernel_notifications_lost);
    if (deleted || !complete)
        handlers_.bindings_deleted();
}

void KernelWatch::on_reports() {
    bool complete = reports_.receive([this](const nlmsghdr* message) {
        auto rejected = read_home_address_report(message);
        if (!rejected)
            return;
        counters_->add(core::Counter::home_address_reports);
        handlers_.home_address_rejected(*rejected);
    });
    if (!complete)
        counters_->add(core::Counter::home_address_reports_lost);
    handlers_.settle();
}

} // namespace anchor6::io
