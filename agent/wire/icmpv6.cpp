// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/icmpv6.h"

#include <limits>
#include <utility>

#include "wire/ipv6_packet.h"
#include "wire/reader.h"
#include "wire/writer.h"

namespace anchor6::wire {

namespace {

constexpr std::size_t option_unit = 8;
constexpr std::size_t option_header = 2;
constexpr std::size_t checksum_offset = 2;

namespace option {
constexpr std::uint8_t source_link_layer_address = 1;
constexpr std::uint8_t target_link_layer_address = 2;
constexpr std::uint8_t prefix_information = 3;
constexpr std::uint8_t home_agent_information = 8;
} // namespace option

namespace flag {
constexpr std::uint16_t mobile_router = 0x8000;
constexpr std::uint16_t managed = 0x8000;
constexpr std::uint16_t other = 0x4000;
constexpr std::uint8_t home_agent = 0x20;
constexpr std::uint8_t on_link = 0x80;
constexpr std::uint8_t autonomous = 0x40;
constexpr std::uint8_t router_address = 0x20;
constexpr std::uint8_t router = 0x80;
constexpr std::uint8_t solicited = 0x40;
constexpr std::uint8_t override = 0x20;
} // namespace flag

template <typename Flags>
constexpr Flags set_if(bool condition, Flags flag) {
    return condition ? flag : Flags{0};
}

/// The options of neighbour discovery that anchor6 knows, wherever they stand.
struct NeighbourOptions {
    std::vector<PrefixInformation> prefixes;
    std::optional<HomeAgentInformation> home_agent_information;
    std::optional<LinkLayerAddress> source_link_layer_address;
    std::optional<LinkLayerAddress> target_link_layer_address;
};

template <typename Value>
void keep_first(std::optional<Value>& option, Value value) {
    if (!option) {
        option = std::move(value);
    }
}

PrefixInformation read_prefix_information(Reader& data) {
    PrefixInformation prefix;
    prefix.length = data.u8();
    const std::uint8_t flags = data.u8();
    prefix.on_link = (flags & flag::on_link) != 0;
    prefix.autonomous = (flags & flag::autonomous) != 0;
    prefix.router_address = (flags & flag::router_address) != 0;
    prefix.valid_lifetime = data.u32();
    prefix.preferred_lifetime = data.u32();
    data.skip(4);
    prefix.prefix = data.address();
    return prefix;
}

HomeAgentInformation read_home_agent_information(Reader& data) {
    data.skip(2);
    const auto preference = static_cast<std::int16_t>(data.u16());
    return {preference, data.u16()};
}

LinkLayerAddress read_link_layer_address(Reader& data) {
    const auto octets = data.rest();
    return {octets.begin(), octets.end()};
}

/// False when a known option is not of the length that its format has.
bool read_neighbour_option(std::uint8_t type, Reader data, NeighbourOptions& options) {
    switch (type) {
    case option::source_link_layer_address:
        keep_first(options.source_link_layer_address, read_link_layer_address(data));
        return true;
    case option::target_link_layer_address:
        keep_first(options.target_link_layer_address, read_link_layer_address(data));
        return true;
    case option::prefix_information:
        options.prefixes.push_back(read_prefix_information(data));
        break;
    case option::home_agent_information:
        keep_first(options.home_agent_information, read_home_agent_information(data));
        break;
    default:
        return true;
    }
    return data.ok() && data.remaining() == 0;
}

/// Nothing when one of them is malformed.
std::optional<NeighbourOptions> read_neighbour_options(Reader& reader) {
    NeighbourOptions options;
    while (reader.remaining() > 0) {
        const std::uint8_t type = reader.u8();
        const std::size_t length = reader.u8() * option_unit;
        if (length == 0) {
            return std::nullopt;
        }
        const Reader data(reader.take(length - option_header));
        if (!reader.ok() || !read_neighbour_option(type, data, options)) {
            return std::nullopt;
        }
    }
    return options;
}

using Parsed = std::variant<IcmpMessage, IcmpFault>;

Parsed read_discovery_request(Reader& reader) {
    const std::uint16_t identifier = reader.u16();
    const std::uint16_t flags = reader.u16();
    if (!reader.ok()) {
        return IcmpFault::truncated;
    }
    return HomeAgentDiscoveryRequest{identifier, (flags & flag::mobile_router) != 0};
}

Parsed read_discovery_reply(Reader& reader) {
    HomeAgentDiscoveryReply reply;
    reply.identifier = reader.u16();
    reply.mobile_router = (reader.u16() & flag::mobile_router) != 0;
    while (reader.remaining() > 0) {
        reply.home_agents.push_back(reader.address());
    }
    if (!reader.ok()) {
        return IcmpFault::truncated;
    }
    return reply;
}

Parsed read_prefix_solicitation(Reader& reader) {
    const std::uint16_t identifier = reader.u16();
    reader.skip(2);
    if (!reader.ok()) {
        return IcmpFault::truncated;
    }
    return MobilePrefixSolicitation{identifier};
}

/// What stands before the options has been read: it must have been there, and they must be good.
template <class Make>
Parsed read_with_options(Reader& reader, Make make) {
    if (!reader.ok()) {
        return IcmpFault::truncated;
    }
    auto options = read_neighbour_options(reader);
    if (!options) {
        return IcmpFault::bad_option;
    }
    return make(*options);
}

Parsed read_prefix_advertisement(Reader& reader) {
    const std::uint16_t identifier = reader.u16();
    const std::uint16_t flags = reader.u16();
    return read_with_options(reader, [&](NeighbourOptions& options) {
        return MobilePrefixAdvertisement{identifier, (flags & flag::managed) != 0,
                                         (flags & flag::other) != 0, std::move(options.prefixes)};
    });
}

Parsed read_router_advertisement(Reader& reader) {
    reader.skip(1);
    const std::uint8_t flags = reader.u8();
    const std::uint16_t router_lifetime = reader.u16();
    reader.skip(4 + 4);
    return read_with_options(reader, [&](NeighbourOptions& options) {
        return RouterAdvertisement{(flags & flag::home_agent) != 0, router_lifetime,
                                   std::move(options.prefixes), options.home_agent_information,
                                   std::move(options.source_link_layer_address)};
    });
}

Parsed read_router_solicitation(Reader& reader) {
    reader.skip(4);
    return read_with_options(reader, [](NeighbourOptions& options) {
        return RouterSolicitation{std::move(options.source_link_layer_address)};
    });
}

Parsed read_neighbour_solicitation(Reader& reader) {
    reader.skip(4);
    const Address target = reader.address();
    return read_with_options(reader, [&](NeighbourOptions& options) {
        return NeighbourSolicitation{target, std::move(options.source_link_layer_address)};
    });
}

Parsed read_neighbour_advertisement(Reader& reader) {
    const std::uint8_t flags = reader.u8();
    reader.skip(3);
    const Address target = reader.address();
    return read_with_options(reader, [&](NeighbourOptions& options) {
        return NeighbourAdvertisement{target, (flags & flag::router) != 0,
                                      (flags & flag::solicited) != 0, (flags & flag::override) != 0,
                                      std::move(options.target_link_layer_address)};
    });
}

using Read = Parsed (*)(Reader&);

Read find_read(std::uint8_t type) {
    switch (type) {
    case icmp_type::router_solicitation:
        return read_router_solicitation;
    case icmp_type::router_advertisement:
        return read_router_advertisement;
    case icmp_type::neighbour_solicitation:
        return read_neighbour_solicitation;
    case icmp_type::neighbour_advertisement:
        return read_neighbour_advertisement;
    case icmp_type::home_agent_discovery_request:
        return read_discovery_request;
    case icmp_type::home_agent_discovery_reply:
        return read_discovery_reply;
    case icmp_type::mobile_prefix_solicitation:
        return read_prefix_solicitation;
    case icmp_type::mobile_prefix_advertisement:
        return read_prefix_advertisement;
    default:
        return nullptr;
    }
}

struct MessageWriter {
    Writer& writer;
    bool fits = true;

    void begin(std::uint8_t type) const {
        writer.u8(type);
        writer.u8(0);
        writer.u16(0);
    }

    void prefix_information(const PrefixInformation& prefix) const {
        constexpr std::uint8_t length = 4;
        writer.u8(option::prefix_information);
        writer.u8(length);
        writer.u8(prefix.length);
        writer.u8(static_cast<std::uint8_t>(set_if(prefix.on_link, flag::on_link) |
                                            set_if(prefix.autonomous, flag::autonomous) |
                                            set_if(prefix.router_address, flag::router_address)));
        writer.u32(prefix.valid_lifetime);
        writer.u32(prefix.preferred_lifetime);
        writer.u32(0);
        writer.address(prefix.prefix);
    }

    void prefixes(const std::vector<PrefixInformation>& prefixes) const {
        for (const PrefixInformation& prefix : prefixes) {
            prefix_information(prefix);
        }
    }

    void home_agent_information(const HomeAgentInformation& information) const {
        writer.u8(option::home_agent_information);
        writer.u8(1);
        writer.u16(0);
        writer.u16(static_cast<std::uint16_t>(information.preference));
        writer.u16(information.lifetime);
    }

    void link_layer_address(std::uint8_t type, const std::optional<LinkLayerAddress>& address) {
        if (!address) {
            return;
        }
        const std::size_t size = option_header + address->size();
        const std::size_t length = (size + option_unit - 1) / option_unit;
        fits = length <= std::numeric_limits<std::uint8_t>::max();
        writer.u8(type);
        writer.u8(static_cast<std::uint8_t>(length));
        writer.octets(*address);
        writer.zeros(length * option_unit - size);
    }

    void operator()(const HomeAgentDiscoveryRequest& request) const {
        begin(icmp_type::home_agent_discovery_request);
        writer.u16(request.identifier);
        writer.u16(set_if(request.mobile_router, flag::mobile_router));
    }
    void operator()(const HomeAgentDiscoveryReply& reply) const {
        begin(icmp_type::home_agent_discovery_reply);
        writer.u16(reply.identifier);
        writer.u16(set_if(reply.mobile_router, flag::mobile_router));
        for (const Address& home_agent : reply.home_agents) {
            writer.address(home_agent);
        }
    }
    void operator()(const MobilePrefixSolicitation& solicitation) const {
        begin(icmp_type::mobile_prefix_solicitation);
        writer.u16(solicitation.identifier);
        writer.u16(0);
    }
    void operator()(const MobilePrefixAdvertisement& advertisement) const {
        begin(icmp_type::mobile_prefix_advertisement);
        writer.u16(advertisement.identifier);
        writer.u16(static_cast<std::uint16_t>(set_if(advertisement.managed, flag::managed) |
                                              set_if(advertisement.other, flag::other)));
        prefixes(advertisement.prefixes);
    }
    void operator()(const RouterSolicitation& solicitation) {
        begin(icmp_type::router_solicitation);
        writer.u32(0);
        link_layer_address(option::source_link_layer_address,
                           solicitation.source_link_layer_address);
    }
    void operator()(const RouterAdvertisement& advertisement) {
        begin(icmp_type::router_advertisement);
        writer.u8(0);
        writer.u8(set_if(advertisement.home_agent, flag::home_agent));
        writer.u16(advertisement.router_lifetime);
        writer.u32(0);
        writer.u32(0);
        link_layer_address(option::source_link_layer_address,
                           advertisement.source_link_layer_address);
        prefixes(advertisement.prefixes);
        if (advertisement.home_agent_information) {
            home_agent_information(*advertisement.home_agent_information);
        }
    }
    void operator()(const NeighbourSolicitation& solicitation) {
        begin(icmp_type::neighbour_solicitation);
        writer.u32(0);
        writer.address(solicitation.target);
        link_layer_address(option::source_link_layer_address,
                           solicitation.source_link_layer_address);
    }
    void operator()(const NeighbourAdvertisement& advertisement) {
        begin(icmp_type::neighbour_advertisement);
        writer.u8(static_cast<std::uint8_t>(set_if(advertisement.router, flag::router) |
                                            set_if(advertisement.solicited, flag::solicited) |
                                            set_if(advertisement.override, flag::override)));
        writer.zeros(3);
        writer.address(advertisement.target);
        link_layer_address(option::target_link_layer_address,
                           advertisement.target_link_layer_address);
    }
};

} // namespace

std::string_view fault_text(IcmpFault fault) {
    switch (fault) {
    case IcmpFault::truncated:
        return "truncated";
    case IcmpFault::unknown_type:
        return "unknown ICMPv6 type";
    case IcmpFault::bad_code:
        return "code is not 0";
    case IcmpFault::bad_option:
        return "bad option length";
    }
    return "unknown fault";
}

std::variant<IcmpMessage, IcmpFault> parse_icmp(std::span<const std::uint8_t> octets) {
    Reader reader(octets);
    const std::uint8_t type = reader.u8();
    const std::uint8_t code = reader.u8();
    reader.skip(2);
    if (!reader.ok()) {
        return IcmpFault::truncated;
    }
    const Read read = find_read(type);
    if (read == nullptr) {
        return IcmpFault::unknown_type;
    }
    if (code != 0) {
        return IcmpFault::bad_code;
    }
    return read(reader);
}

std::vector<std::uint8_t> serialise_icmp(const IcmpMessage& message) {
    Writer writer;
    MessageWriter message_writer{writer};
    std::visit(message_writer, message);
    return message_writer.fits ? std::move(writer).finish() : std::vector<std::uint8_t>();
}

std::vector<std::uint8_t> serialise_icmp(const IcmpMessage& message, const Address& source,
                                         const Address& destination) {
    std::vector<std::uint8_t> octets = serialise_icmp(message);
    if (!octets.empty()) {
        const std::uint16_t sum = checksum(source, destination, next_header::icmpv6, octets);
        octets.at(checksum_offset) = static_cast<std::uint8_t>(sum >> 8);
        octets.at(checksum_offset + 1) = static_cast<std::uint8_t>(sum);
    }
    return octets;
}

} // namespace anchor6::wire
