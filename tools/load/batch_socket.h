// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "packet_socket.h"
#include "wire/address.h"

namespace anchor6::load {

/// Mobility Header messages to one anchor from many addresses of this machine, many with one call
/// of the kernel, which fills in and verifies checksums. Errors of the system are
/// std::system_error.
class BatchSocket {
public:
    static constexpr std::size_t batch = 256;
    static constexpr std::size_t message_size_max = 512;

    explicit BatchSocket(const wire::Address& anchor);
    ~BatchSocket();

    /// Room for a message from that address, which leaves with flush() or when the batch is full.
    std::span<std::uint8_t> add(const wire::Address& source, std::size_t size);
    void flush();

    /// What has arrived, at most a batch; 0: nothing.
    std::size_t receive();
    std::span<const std::uint8_t> received(std::size_t index) const;
    /// Until something has arrived.
    void wait(std::chrono::nanoseconds timeout) const;

private:
    struct Batch;

    Socket socket_;
    std::unique_ptr<Batch> sent_;
    std::unique_ptr<Batch> received_;
    std::size_t added_ = 0;
};

} // namespace anchor6::load
