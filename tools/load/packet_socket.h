// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <vector>

#include <netinet/in.h>

#include "wire/address.h"

namespace anchor6::load {

/// Throws what the system has just refused as std::system_error.
[[noreturn]] void fail(const char* what);

sockaddr_in6 socket_address(const wire::Address& address);

/// Owns a socket. Errors of the system are std::system_error.
class Socket {
public:
    Socket(int domain, int type, int protocol);
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    ~Socket();
    int get() const { return fd_; }

private:
    int fd_;
};

/// False: nothing to read has come in that time.
bool wait_readable(int fd, std::chrono::nanoseconds timeout);

/// Sends whole IPv6 packets, whatever is in them, by the routes of their destination and source.
class PacketSender {
public:
    explicit PacketSender(const wire::Address& source);
    void send(const wire::Address& destination, std::span<const std::uint8_t> packet);

private:
    Socket socket_;
};

/// Sees every IPv6 packet that comes into the namespace. A packet socket does, whatever the kernel
/// would do with a type 2 routing header that it knows no state for.
class PacketListener {
public:
    PacketListener();
    /// The next packet from the first octet of its IPv6 header; empty when none came in time. Valid
    /// until the next call.
    std::span<const std::uint8_t> receive(std::chrono::nanoseconds timeout);

private:
    Socket socket_;
    std::vector<std::uint8_t> buffer_;
};

} // namespace anchor6::load
