// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/ipv6_packet.h"

#include "wire/reader.h"
#include "wire/writer.h"

namespace anchor6::wire {

namespace {

constexpr std::uint8_t pad_1 = 0;
constexpr std::uint8_t home_address_option = 201;
constexpr std::uint8_t type_2_routing = 2;
constexpr std::size_t unit = 8;
constexpr std::size_t fixed_header_size = 40;
/// Hop-by-hop, twice destination options, routing and fragment make five.
constexpr int most_extension_headers = 8;

bool read_destination_options(Reader options, std::optional<Address>& home_address) {
    while (options.remaining() > 0) {
        const std::uint8_t type = options.u8();
        if (type == pad_1) {
            continue;
        }
        const std::uint8_t length = options.u8();
        Reader data(options.take(length));
        if (type == home_address_option) {
            if (length != Address::size || home_address) {
                return false;
            }
            home_address = data.address();
        }
    }
    return options.ok();
}

bool read_routing_header(Reader data, std::optional<Address>& routing_address) {
    const std::uint8_t type = data.u8();
    data.skip(1 + 4);
    if (type != type_2_routing) {
        return true;
    }
    routing_address = data.address();
    return data.ok() && data.remaining() == 0;
}

/// A fragment header of a packet that is whole (RFC 6946) is nothing but a header.
bool is_whole(Reader& packet) {
    constexpr std::uint16_t offset_and_more = 0xfff9;
    const std::uint16_t fragment = packet.u16();
    packet.skip(4);
    return (fragment & offset_and_more) == 0;
}

bool is_extension(std::uint8_t protocol) {
    return protocol == next_header::hop_by_hop || protocol == next_header::routing ||
           protocol == next_header::fragment || protocol == next_header::destination_options;
}

std::optional<PacketFault> read_extension(Reader& reader, Ipv6Packet& packet) {
    const std::uint8_t header = packet.protocol;
    packet.protocol = reader.u8();
    const std::size_t length = reader.u8();
    if (header == next_header::fragment) {
        return is_whole(reader) ? std::nullopt : std::optional(PacketFault::fragment);
    }
    const Reader data(reader.take(length * unit + unit - 2));
    if (!reader.ok()) {
        return PacketFault::truncated;
    }
    const bool good = header == next_header::routing
                          ? read_routing_header(data, packet.routing_address)
                      : header == next_header::destination_options
                          ? read_destination_options(data, packet.home_address)
                          : true;
    return good ? std::nullopt : std::optional(PacketFault::bad_header);
}

std::optional<PacketFault> read_extensions(Reader& reader, Ipv6Packet& packet) {
    for (int count = 0; is_extension(packet.protocol); ++count) {
        if (count == most_extension_headers) {
            return PacketFault::too_many_headers;
        }
        if (const auto fault = read_extension(reader, packet)) {
            return fault;
        }
    }
    return reader.ok() ? std::nullopt : std::optional(PacketFault::truncated);
}

void add_words(std::uint64_t& sum, std::span<const std::uint8_t> octets) {
    for (std::size_t i = 0; i < octets.size(); ++i) {
        sum += i % 2 == 0 ? octets[i] * 0x100U : octets[i];
    }
}

} // namespace

std::variant<Ipv6Packet, PacketFault> parse_packet(std::span<const std::uint8_t> octets) {
    Reader reader(octets);
    Ipv6Packet packet;
    const std::uint32_t version = reader.u32() >> 28;
    const std::size_t payload_length = reader.u16();
    packet.protocol = reader.u8();
    packet.hop_limit = reader.u8();
    packet.source = reader.address();
    packet.destination = reader.address();
    if (!reader.ok() || payload_length > reader.remaining()) {
        return PacketFault::truncated;
    }
    if (version != 6) {
        return PacketFault::not_ipv6;
    }
    Reader payload(reader.take(payload_length));
    if (const auto fault = read_extensions(payload, packet)) {
        return *fault;
    }
    packet.offset = fixed_header_size + payload.offset();
    const auto rest = payload.rest();
    packet.payload.assign(rest.begin(), rest.end());
    return packet;
}

std::vector<std::uint8_t> serialise_packet(const Ipv6Packet& packet) {
    Writer extensions;
    std::size_t next_header_at = 0;
    std::uint8_t first = packet.protocol;
    const auto chain = [&](std::uint8_t type, const std::vector<std::uint8_t>& header) {
        if (extensions.size() == 0) {
            first = type;
        } else {
            extensions.set(next_header_at, type);
        }
        next_header_at = extensions.size();
        extensions.octets(header);
        extensions.set(next_header_at, packet.protocol);
    };
    if (packet.routing_address) {
        chain(next_header::routing, routing_header(*packet.routing_address));
    }
    if (packet.home_address) {
        chain(next_header::destination_options, home_address_header(*packet.home_address));
    }
    Writer writer;
    writer.u32(6U << 28);
    writer.u16(static_cast<std::uint16_t>(extensions.size() + packet.payload.size()));
    writer.u8(first);
    writer.u8(packet.hop_limit);
    writer.address(packet.source);
    writer.address(packet.destination);
    writer.octets(extensions.octets());
    writer.octets(packet.payload);
    return std::move(writer).finish();
}

std::optional<Address> find_home_address(std::span<const std::uint8_t> destination_options) {
    Reader reader(destination_options);
    reader.skip(1);
    const std::size_t length = reader.u8();
    const Reader options(reader.take(length * unit + unit - 2));
    std::optional<Address> home_address;
    if (!reader.ok() || !read_destination_options(options, home_address)) {
        return std::nullopt;
    }
    return home_address;
}

std::vector<std::uint8_t> home_address_header(const Address& home_address) {
    constexpr Alignment alignment{8, 6};
    Writer writer;
    writer.u8(next_header::none);
    writer.u8(2);
    writer.pad_options(alignment);
    writer.u8(home_address_option);
    writer.u8(Address::size);
    writer.address(home_address);
    return std::move(writer).finish();
}

std::vector<std::uint8_t> routing_header(const Address& address) {
    Writer writer;
    writer.u8(next_header::none);
    writer.u8(2);
    writer.u8(type_2_routing);
    writer.u8(1);
    writer.u32(0);
    writer.address(address);
    return std::move(writer).finish();
}

std::uint16_t checksum(const Address& source, const Address& destination, std::uint8_t protocol,
                       std::span<const std::uint8_t> payload) {
    std::uint64_t sum = payload.size() + protocol;
    add_words(sum, source.octets());
    add_words(sum, destination.octets());
    add_words(sum, payload);
    while (sum > 0xffff) {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return static_cast<std::uint16_t>(~sum);
}

} // namespace anchor6::wire
