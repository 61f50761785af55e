// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/control_server.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <stdexcept>

#include <grp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "io/clock.h"
#include "io/system_error.h"

namespace anchor6::io {

namespace {

constexpr std::size_t peers_max = 16;
constexpr std::size_t request_size_max = 4096;
constexpr std::chrono::seconds patience{10};
constexpr mode_t socket_mode = 0660;
constexpr const char* control_group = "anchor6";

sockaddr_un socket_address(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof(address.sun_path))
        throw std::runtime_error("control socket " + path + ": the path is too long");
    std::ranges::copy(path, static_cast<char*>(address.sun_path));
    return address;
}

FileDescriptor unix_socket() {
    FileDescriptor fd{socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    if (!fd)
        throw system_error("control socket");
    return fd;
}

template <class Call>
int with_address(Call call, int fd, const std::string& path) {
    sockaddr_un address = socket_address(path);
    return call(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
}

void remove_stale(const std::string& path) {
    struct stat status {};
    if (lstat(path.c_str(), &status) < 0)
        return;
    if (!S_ISSOCK(status.st_mode))
        throw std::runtime_error("control socket " + path + ": something else is there");
    if (with_address(connect, unix_socket().get(), path) == 0)
        throw std::runtime_error("control socket " + path + ": another agent listens there");
    unlink(path.c_str());
}

// An agent that stays root would leave the group out.
void give_to_group(const std::string& path) {
    const group* found = getgrnam(control_group);
    if (found == nullptr || getegid() != 0)
        return;
    if (chown(path.c_str(), static_cast<uid_t>(-1), found->gr_gid) < 0)
        throw system_error("control socket " + path);
}

FileDescriptor listen_at(const std::string& path) {
    remove_stale(path);
    FileDescriptor fd = unix_socket();
    // Before bind(), so that the socket is never there with a wider mode.
    if (fchmod(fd.get(), socket_mode) < 0 || with_address(bind, fd.get(), path) < 0 ||
        listen(fd.get(), static_cast<int>(peers_max)) < 0)
        throw system_error("control socket " + path);
    give_to_group(path);
    return fd;
}

} // namespace

ControlServer::ControlServer(const std::string& path, EventLoop& loop, core::Counters& counters,
                             Responder responder)
    : path_(path), loop_(&loop), counters_(&counters), responder_(std::move(responder)),
      listener_(listen_at(path)) {
    loop.watch_fd(listener_source_, listener_.get(), EPOLLIN, EventLoop::Urgency::control,
                  [this](std::uint32_t) { accept_peer(); });
}

ControlServer::~ControlServer() {
    unlink(path_.c_str());
}

void ControlServer::accept_peer() {
    FileDescriptor fd{accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK)};
    if (!fd)
        return;
    if (peers_.size() >= peers_max && !make_room()) {
        counters_->add(core::Counter::control_refusals);
        return;
    }
    auto peer = peers_.emplace(peers_.end());
    peer->fd = std::move(fd);
    peer->last_heard = now().boot;
    loop_->watch_fd(peer->source, peer->fd.get(), EPOLLIN, EventLoop::Urgency::control,
                    [this, peer](std::uint32_t events) { serve(peer, events); });
}

bool ControlServer::make_room() {
    auto silent = std::ranges::min_element(peers_, {}, &Peer::last_heard);
    if (silent == peers_.end() || now().boot - silent->last_heard < patience)
        return false;
    peers_.erase(silent);
    return true;
}

void ControlServer::serve(Peers::iterator peer, std::uint32_t events) {
    peer->last_heard = now().boot;
    bool alive = (events & EPOLLIN) == 0 || read_request(*peer);
    if (!(alive && flush(*peer) && respond(*peer))) {
        peers_.erase(peer);
        return;
    }
    // A peer that does not take its answer is not asked for the next request.
    loop_->set_events(peer->source, peer->output.empty() ? EPOLLIN : EPOLLOUT);
}

bool ControlServer::read_request(Peer& peer) {
    std::array<char, request_size_max> buffer{};
    ssize_t size = recv(peer.fd.get(), buffer.data(), buffer.size(), 0);
    if (size < 0)
        return errno == EAGAIN || errno == EINTR;
    peer.input.append(buffer.data(), static_cast<std::size_t>(size));
    return size > 0;
}

bool ControlServer::respond(Peer& peer) {
    while (peer.output.empty()) {
        auto end = peer.input.find('\n');
        if (end == std::string::npos)
            break;
        peer.output = responder_(std::string_view{peer.input}.substr(0, end));
        peer.input.erase(0, end + 1);
        if (!flush(peer))
            return false;
    }
    if (peer.output.empty() && peer.input.size() > request_size_max) {
        counters_->add(core::Counter::control_bad_requests);
        return false;
    }
    return true;
}

bool ControlServer::flush(Peer& peer) {
    while (!peer.output.empty()) {
        ssize_t size = send(peer.fd.get(), peer.output.data(), peer.output.size(), MSG_NOSIGNAL);
        if (size < 0)
            return errno == EAGAIN || errno == EINTR;
        peer.output.erase(0, static_cast<std::size_t>(size));
    }
    return true;
}

} // namespace anchor6::io
