// SPDX-License-Identifier: GPL-2.0-or-later
#include "netlink_client.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <string_view>

#include <linux/netlink.h>
#include <netlink/attr.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <sys/socket.h>

#include "attribute.h"
#include "failure.h"

namespace anchor6::cli {

namespace {

constexpr int dump_attempts = 5;
constexpr int listen_buffer = 1 << 20;

[[noreturn]] void refuse_library(std::string_view what, int error) {
    throw Failure(std::string(what) + ": " + nl_geterror(error), exit_refused);
}

// What the errno says when the kernel gave no sentence.
std::string plain_reason(int error) {
    if (error == EPERM)
        return "not permitted; it takes CAP_NET_ADMIN, run it as root";
    if (error == ENODEV)
        return "the interface is not an anchor6 device";
    return std::strerror(error);
}

int status_of(int error) {
    return error == ENOENT || error == ENODEV ? exit_not_found : exit_refused;
}

[[noreturn]] void refuse(int error, const std::string& sentence) {
    throw Failure(sentence.empty() ? plain_reason(error) : sentence, status_of(error));
}

std::string extended_reason(nlattr* first, int length) {
    nlattr* message = nla_find(first, length, NLMSGERR_ATTR_MSG);
    if (message == nullptr || nla_len(message) == 0)
        return {};
    const auto* text = static_cast<const char*>(nla_data(message));
    return {text, strnlen(text, static_cast<std::size_t>(nla_len(message)))};
}

// The sentence behind an error message: after the request, which is there in full unless capped.
std::string sentence_of_error(nlmsghdr* packet, const nlmsgerr& error) {
    if ((packet->nlmsg_flags & NLM_F_ACK_TLVS) == 0)
        return {};
    std::size_t skip = sizeof(nlmsgerr);
    if ((packet->nlmsg_flags & NLM_F_CAPPED) == 0)
        skip += NLMSG_ALIGN(error.msg.nlmsg_len) - sizeof(nlmsghdr);
    auto length = static_cast<std::size_t>(nlmsg_datalen(packet));
    if (skip >= length)
        return {};
    auto* first = static_cast<char*>(nlmsg_data(packet)) + skip;
    return extended_reason(reinterpret_cast<nlattr*>(first), static_cast<int>(length - skip));
}

// The end of a dump carries its outcome, and the sentence behind it.
std::string sentence_of_end(nlmsghdr* packet) {
    int length = nlmsg_datalen(packet) - static_cast<int>(sizeof(int));
    if ((packet->nlmsg_flags & NLM_F_ACK_TLVS) == 0 || length <= 0)
        return {};
    auto* first = static_cast<char*>(nlmsg_data(packet)) + sizeof(int);
    return extended_reason(reinterpret_cast<nlattr*>(first), length);
}

struct CallbacksDeleter {
    void operator()(nl_cb* callbacks) const { nl_cb_put(callbacks); }
};
using Callbacks = std::unique_ptr<nl_cb, CallbacksDeleter>;

struct PacketDeleter {
    void operator()(nl_msg* packet) const { nlmsg_free(packet); }
};
using Packet = std::unique_ptr<nl_msg, PacketDeleter>;

} // namespace

// What has come back so far. No exception may cross libnl, so it waits here.
struct NetlinkClient::Exchange {
    const Handler& handler;
    bool done = false;
    bool interrupted = false;
    int error = 0;
    std::string sentence;
    std::exception_ptr failure;

    static int valid(nl_msg* packet, void* argument) {
        auto& exchange = *static_cast<Exchange*>(argument);
        try {
            exchange.handler(decode(nlmsg_hdr(packet)));
        } catch (...) {
            exchange.failure = std::current_exception();
            exchange.done = true;
            return NL_STOP;
        }
        return NL_OK;
    }

    static int finish(nl_msg* packet, void* argument) {
        auto& exchange = *static_cast<Exchange*>(argument);
        nlmsghdr* header = nlmsg_hdr(packet);
        int outcome = 0;
        if (nlmsg_datalen(header) >= static_cast<int>(sizeof(outcome)))
            std::memcpy(&outcome, nlmsg_data(header), sizeof(outcome));
        if (outcome < 0) {
            exchange.error = -outcome;
            exchange.sentence = sentence_of_end(header);
        }
        exchange.done = true;
        return NL_STOP;
    }

    static int acknowledge(nl_msg*, void* argument) {
        static_cast<Exchange*>(argument)->done = true;
        return NL_STOP;
    }

    static int interrupt(nl_msg*, void* argument) {
        static_cast<Exchange*>(argument)->interrupted = true;
        return NL_OK;
    }

    static int refused(sockaddr_nl*, nlmsgerr* error, void* argument) {
        auto& exchange = *static_cast<Exchange*>(argument);
        auto* header = reinterpret_cast<nlmsghdr*>(reinterpret_cast<char*>(error) - NLMSG_HDRLEN);
        exchange.error = -error->error;
        exchange.sentence = sentence_of_error(header, *error);
        exchange.done = true;
        return NL_STOP;
    }

    void conclude() const {
        if (failure)
            std::rethrow_exception(failure);
        if (error != 0)
            refuse(error, sentence);
    }
};

NetlinkClient::NetlinkClient() : socket_(nl_socket_alloc()) {
    if (!socket_)
        throw Failure("out of memory", exit_refused);
    if (int error = genl_connect(socket_.get()); error < 0)
        refuse_library("cannot open a netlink socket", error);
    int on = 1;
    setsockopt(nl_socket_get_fd(socket_.get()), SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
    family_ = genl_ctrl_resolve(socket_.get(), ANCHOR6_GENL_NAME);
    if (family_ < 0)
        throw Failure("the kernel module is not loaded; try: modprobe anchor6", exit_refused);
}

void NetlinkClient::send(const Message& request, int flags) {
    Packet packet(nlmsg_alloc());
    if (!packet ||
        genlmsg_put(packet.get(), NL_AUTO_PORT, NL_AUTO_SEQ, family_, 0, NLM_F_REQUEST | flags,
                    request.command, ANCHOR6_GENL_VERSION) == nullptr)
        throw Failure("out of memory", exit_refused);
    encode(packet.get(), request);
    if (int error = nl_send_auto(socket_.get(), packet.get()); error < 0)
        refuse_library("cannot send to the kernel", error);
}

void NetlinkClient::run(Exchange& exchange) {
    Callbacks callbacks(nl_cb_alloc(NL_CB_DEFAULT));
    if (!callbacks)
        throw Failure("out of memory", exit_refused);
    nl_cb_set(callbacks.get(), NL_CB_VALID, NL_CB_CUSTOM, Exchange::valid, &exchange);
    nl_cb_set(callbacks.get(), NL_CB_FINISH, NL_CB_CUSTOM, Exchange::finish, &exchange);
    nl_cb_set(callbacks.get(), NL_CB_ACK, NL_CB_CUSTOM, Exchange::acknowledge, &exchange);
    nl_cb_set(callbacks.get(), NL_CB_DUMP_INTR, NL_CB_CUSTOM, Exchange::interrupt, &exchange);
    nl_cb_err(callbacks.get(), NL_CB_CUSTOM, Exchange::refused, &exchange);
    while (!exchange.done)
        if (int error = nl_recvmsgs(socket_.get(), callbacks.get()); error < 0 && !exchange.done)
            refuse_library("cannot read from the kernel", error);
    exchange.conclude();
}

void NetlinkClient::execute(const Message& request, int flags) {
    Handler ignore = [](Message&&) {};
    Exchange exchange{.handler = ignore, .sentence = {}, .failure = {}};
    send(request, flags | NLM_F_ACK);
    run(exchange);
}

Message NetlinkClient::query(const Message& request) {
    std::optional<Message> answer;
    Handler keep = [&](Message&& message) { answer = std::move(message); };
    Exchange exchange{.handler = keep, .sentence = {}, .failure = {}};
    send(request, NLM_F_ACK);
    run(exchange);
    if (!answer)
        throw Failure("the kernel did not answer", exit_refused);
    return std::move(*answer);
}

void NetlinkClient::dump(const Message& request, const std::function<void()>& restart,
                         const Handler& handler) {
    for (int attempt = 0; attempt < dump_attempts; ++attempt) {
        restart();
        Exchange exchange{.handler = handler, .sentence = {}, .failure = {}};
        send(request, NLM_F_DUMP);
        run(exchange);
        if (!exchange.interrupted)
            return;
    }
    std::fputs("anchor6: the table changed each time it was read: entries may be missing\n",
               stderr);
}

void NetlinkClient::join(const char* group) {
    int id = genl_ctrl_resolve_grp(socket_.get(), ANCHOR6_GENL_NAME, group);
    if (id < 0)
        throw Failure(std::string("the kernel module has no multicast group ") + group,
                      exit_refused);
    if (nl_socket_add_membership(socket_.get(), id) < 0)
        refuse(EPERM, {});
}

void NetlinkClient::listen(const Handler& handler) {
    nl_socket_disable_seq_check(socket_.get());
    nl_socket_set_buffer_size(socket_.get(), listen_buffer, 0);
    join(ANCHOR6_MCGRP_BINDINGS);
    join(ANCHOR6_MCGRP_EVENTS);
    for (;;) {
        Exchange exchange{.handler = handler, .sentence = {}, .failure = {}};
        Callbacks callbacks(nl_cb_alloc(NL_CB_DEFAULT));
        if (!callbacks)
            throw Failure("out of memory", exit_refused);
        nl_cb_set(callbacks.get(), NL_CB_VALID, NL_CB_CUSTOM, Exchange::valid, &exchange);
        nl_cb_set(
            callbacks.get(), NL_CB_SEQ_CHECK, NL_CB_CUSTOM,
            [](nl_msg*, void*) -> int { return NL_OK; }, nullptr);
        int error = nl_recvmsgs(socket_.get(), callbacks.get());
        exchange.conclude();
        // The name that libnl gives to ENOBUFS.
        if (error == -NLE_NOMEM)
            std::fputs("anchor6: notifications were lost\n", stderr);
        else if (error < 0)
            refuse_library("cannot read from the kernel", error);
    }
}

} // namespace anchor6::cli
