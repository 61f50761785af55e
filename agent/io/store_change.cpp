// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/store_change.h"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <string>

#include <net/if.h>

#include "core/config.h"
#include "wire/reader.h"

namespace anchor6::io {

namespace {

constexpr std::size_t identifier_size_max = 255;

/// The first octet of a change; it never gets another meaning.
enum class Tag : std::uint8_t {
    put_home = 1,
    delete_home = 2,
    put_proxy = 3,
    delete_proxy = 4,
    put_retained = 5,
    delete_retained = 6,
};

/// Put and deletion have one key.
constexpr std::uint8_t kind_of(Tag tag) {
    return static_cast<std::uint8_t>((static_cast<unsigned>(tag) + 1) / 2);
}

constexpr std::size_t key_size(Tag tag) {
    switch (tag) {
    case Tag::put_home:
    case Tag::delete_home:
        return wire::Address::size;
    case Tag::put_proxy:
    case Tag::delete_proxy:
        return sizeof(std::uint64_t);
    default:
        return wire::Address::size + 1;
    }
}

StoreKey make_key(Tag tag, std::span<const std::uint8_t> octets) {
    StoreKey key{kind_of(tag)};
    std::ranges::copy(octets.first(key_size(tag)), key.begin() + 1);
    return key;
}

class Encoder {
public:
    Encoder(wire::Writer& writer, const StoreClock& clock) : writer_(writer), clock_(clock) {}

    void tag(Tag tag) { writer_.u8(static_cast<std::uint8_t>(tag)); }

    void prefix(const wire::Prefix& prefix) {
        writer_.address(prefix.address());
        writer_.u8(prefix.length());
    }

    void prefixes(const std::vector<wire::Prefix>& prefixes) {
        writer_.u16(size(prefixes.size()));
        for (const wire::Prefix& one : prefixes)
            prefix(one);
    }

    template <class Octets>
    void octets(const Octets& octets) {
        writer_.u16(size(octets.size()));
        writer_.octets({reinterpret_cast<const std::uint8_t*>(octets.data()), octets.size()});
    }

    void optional(const std::optional<std::uint64_t>& value) {
        writer_.u8(value ? 1 : 0);
        writer_.u64(value.value_or(0));
    }

    void deadline(core::BootTime when) {
        writer_.u64(static_cast<std::uint64_t>(clock_.to_stored(when)));
    }

    void operator()(const core::PutHomeBinding& change) {
        const core::HomeBinding& binding = whole(change.binding);
        tag(Tag::put_home);
        writer_.address(binding.home_address);
        writer_.address(binding.care_of_address);
        writer_.address(binding.home_agent);
        prefixes(binding.prefixes);
        writer_.u16(binding.sequence);
        writer_.u16(binding.flags);
        writer_.u32(static_cast<std::uint32_t>(binding.lifetime.count()));
        deadline(binding.expires);
        writer_.u8(static_cast<std::uint8_t>(binding.state));
        writer_.u32(binding.group);
        writer_.u64(binding.cookie);
        octets(binding.node);
        octets(binding.link);
        optional(binding.message_id);
    }

    void operator()(const core::DeleteHomeBinding& change) {
        tag(Tag::delete_home);
        writer_.address(change.home_address);
    }

    void operator()(const core::PutProxyBinding& change) {
        const core::ProxyBinding& binding = whole(change.binding);
        tag(Tag::put_proxy);
        writer_.u64(binding.id);
        octets(binding.mn_identifier);
        writer_.u8(binding.access_technology);
        octets(binding.link_layer_identifier);
        writer_.address(binding.link_local_address);
        prefixes(binding.home_network_prefixes);
        writer_.address(binding.proxy_care_of_address);
        writer_.address(binding.lma_address);
        octets(binding.mag);
        writer_.u16(binding.sequence);
        optional(binding.timestamp);
        writer_.u8(binding.handoff_indicator);
        writer_.u32(static_cast<std::uint32_t>(binding.lifetime.count()));
        deadline(binding.expires);
        writer_.u8(static_cast<std::uint8_t>(binding.state));
        writer_.u32(binding.group);
        writer_.u8(binding.previous ? 1 : 0);
        if (binding.previous) {
            writer_.address(binding.previous->proxy_care_of_address);
            writer_.u16(binding.previous->sequence);
        }
    }

    void operator()(const core::DeleteProxyBinding& change) {
        tag(Tag::delete_proxy);
        writer_.u64(change.id);
    }

    void operator()(const core::PutRetainedPrefix& change) {
        const core::RetainedPrefix& retained = whole(change.retained);
        tag(Tag::put_retained);
        prefix(retained.prefix);
        octets(retained.mn_identifier);
        deadline(retained.until);
    }

    void operator()(const core::DeleteRetainedPrefix& change) {
        tag(Tag::delete_retained);
        prefix(change.prefix);
    }

private:
    // What could not be read again must not be acknowledged.
    template <class Value>
    static const Value& whole(const Value& value) {
        if (!is_whole(value))
            throw std::invalid_argument("no row can hold this binding");
        return value;
    }

    static std::uint16_t size(std::size_t size) {
        if (size > std::numeric_limits<std::uint16_t>::max())
            throw std::invalid_argument("a list too long for a row");
        return static_cast<std::uint16_t>(size);
    }

    wire::Writer& writer_;
    const StoreClock& clock_;
};

/// Reads a change and remembers whether a part of it was out of range.
class Decoder {
public:
    Decoder(std::span<const std::uint8_t> octets, const StoreClock& clock)
        : reader_(octets), clock_(clock) {}

    std::optional<core::StoreChange> change() {
        std::optional<core::StoreChange> change = any(static_cast<Tag>(reader_.u8()));
        return valid_ && reader_.ok() && reader_.remaining() == 0 ? std::move(change)
                                                                  : std::nullopt;
    }

private:
    void demand(bool condition) { valid_ = valid_ && condition; }

    std::optional<core::StoreChange> any(Tag tag) {
        switch (tag) {
        case Tag::put_home:
            return core::PutHomeBinding{whole(home_binding())};
        case Tag::delete_home:
            return core::DeleteHomeBinding{reader_.address()};
        case Tag::put_proxy:
            return core::PutProxyBinding{whole(proxy_binding())};
        case Tag::delete_proxy:
            return core::DeleteProxyBinding{reader_.u64()};
        case Tag::put_retained:
            return core::PutRetainedPrefix{whole(retained_prefix())};
        case Tag::delete_retained:
            return core::DeleteRetainedPrefix{prefix()};
        default:
            return std::nullopt;
        }
    }

    template <class Value>
    Value whole(Value value) {
        demand(is_whole(value));
        return value;
    }

    wire::Prefix prefix() {
        const wire::Address address = reader_.address();
        const auto prefix = wire::Prefix::of(address, reader_.u8());
        demand(prefix && prefix->address() == address);
        return prefix.value_or(wire::Prefix{});
    }

    std::vector<wire::Prefix> prefixes() {
        std::vector<wire::Prefix> prefixes;
        for (unsigned left = reader_.u16(); left != 0 && reader_.ok(); --left)
            prefixes.push_back(prefix());
        return prefixes;
    }

    template <class Octets>
    Octets octets() {
        const auto octets = reader_.take(reader_.u16());
        return Octets(octets.begin(), octets.end());
    }

    std::optional<std::uint64_t> optional() {
        const bool present = flag();
        const std::uint64_t value = reader_.u64();
        return present ? std::optional{value} : std::nullopt;
    }

    bool flag() {
        const std::uint8_t value = reader_.u8();
        demand(value <= 1);
        return value == 1;
    }

    core::BootTime deadline() {
        const auto stored = static_cast<std::int64_t>(reader_.u64());
        demand(stored > 0);
        return clock_.from_stored(stored);
    }

    template <class State>
    State state(State last) {
        const std::uint8_t value = reader_.u8();
        demand(value <= static_cast<std::uint8_t>(last));
        return static_cast<State>(value);
    }

    core::HomeBinding home_binding() {
        core::HomeBinding binding;
        binding.home_address = reader_.address();
        binding.care_of_address = reader_.address();
        binding.home_agent = reader_.address();
        binding.prefixes = prefixes();
        binding.sequence = reader_.u16();
        binding.flags = reader_.u16();
        binding.lifetime = std::chrono::seconds{reader_.u32()};
        binding.expires = deadline();
        binding.state = state(core::HomeBinding::State::remembered);
        binding.group = reader_.u32();
        binding.cookie = reader_.u64();
        binding.node = octets<std::string>();
        binding.link = octets<std::string>();
        binding.message_id = optional();
        return binding;
    }

    core::ProxyBinding proxy_binding() {
        core::ProxyBinding binding;
        binding.id = reader_.u64();
        binding.mn_identifier = octets<std::string>();
        binding.access_technology = reader_.u8();
        binding.link_layer_identifier = octets<wire::LinkLayerAddress>();
        binding.link_local_address = reader_.address();
        binding.home_network_prefixes = prefixes();
        binding.proxy_care_of_address = reader_.address();
        binding.lma_address = reader_.address();
        binding.mag = octets<std::string>();
        binding.sequence = reader_.u16();
        binding.timestamp = optional();
        binding.handoff_indicator = reader_.u8();
        binding.lifetime = std::chrono::seconds{reader_.u32()};
        binding.expires = deadline();
        binding.state = state(core::ProxyBinding::State::being_deleted);
        binding.group = reader_.u32();
        if (flag()) {
            const wire::Address care_of_address = reader_.address();
            binding.previous = {care_of_address, reader_.u16(), {}};
        }
        return binding;
    }

    core::RetainedPrefix retained_prefix() {
        core::RetainedPrefix retained;
        retained.prefix = prefix();
        retained.mn_identifier = octets<std::string>();
        retained.until = deadline();
        return retained;
    }

    wire::Reader reader_;
    const StoreClock& clock_;
    bool valid_ = true;
};

bool is_device_name(const std::string& name) {
    return name.size() < IFNAMSIZ && name.find('/') == std::string::npos;
}

} // namespace

StoreKey key_of(const core::HomeBinding& binding) {
    return make_key(Tag::put_home, binding.home_address.octets());
}

StoreKey key_of(const core::ProxyBinding& binding) {
    wire::Writer writer;
    writer.u64(binding.id);
    return make_key(Tag::put_proxy, writer.octets());
}

StoreKey key_of(const core::RetainedPrefix& retained) {
    wire::Writer writer;
    writer.address(retained.prefix.address());
    writer.u8(retained.prefix.length());
    return make_key(Tag::put_retained, writer.octets());
}

StoreKey key_of(std::span<const std::uint8_t> octets) {
    return make_key(static_cast<Tag>(octets.front()), octets.subspan(1));
}

void encode(const core::StoreChange& change, const StoreClock& clock, wire::Writer& writer) {
    std::visit(Encoder{writer, clock}, change);
}

std::optional<core::StoreChange> decode(std::span<const std::uint8_t> octets,
                                        const StoreClock& clock) {
    return Decoder{octets, clock}.change();
}

bool is_whole(const core::HomeBinding& binding) {
    const bool active = binding.state == core::HomeBinding::State::active;
    return binding.home_address.is_routable_unicast() &&
           binding.lifetime <= core::longest_lifetime &&
           binding.node.size() <= identifier_size_max && is_device_name(binding.link) &&
           (!active || (binding.care_of_address.is_routable_unicast() &&
                        binding.home_agent.is_routable_unicast() && !binding.prefixes.empty()));
}

bool is_whole(const core::ProxyBinding& binding) {
    return !binding.mn_identifier.empty() && !binding.home_network_prefixes.empty() &&
           binding.mn_identifier.size() <= identifier_size_max &&
           binding.mag.size() <= identifier_size_max &&
           binding.link_layer_identifier.size() <= identifier_size_max &&
           binding.lifetime <= core::longest_lifetime &&
           binding.proxy_care_of_address.is_routable_unicast() &&
           binding.lma_address.is_routable_unicast();
}

bool is_whole(const core::RetainedPrefix& retained) {
    return !retained.mn_identifier.empty() && retained.mn_identifier.size() <= identifier_size_max;
}

} // namespace anchor6::io
