// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/mobility_option.h"

#include <algorithm>
#include <array>
#include <limits>

namespace anchor6::wire {

namespace {

constexpr std::uint8_t any_length = std::numeric_limits<std::uint8_t>::max();
constexpr Alignment whole_header{8, 0};

/// Writes options of one type: the caller gives the data, this class what stands before it.
class OptionWriter {
public:
    OptionWriter(Writer& writer, OptionType type, Alignment alignment)
        : writer_(writer), type_(type), alignment_(alignment) {}

    template <typename Data>
    void option(Data write_data) {
        writer_.pad_options(alignment_);
        writer_.u8(static_cast<std::uint8_t>(type_));
        writer_.u8(0);
        const std::size_t start = writer_.size();
        write_data(writer_);
        const std::size_t length = writer_.size() - start;
        fits_ = fits_ && length <= any_length;
        writer_.set(start - 1, static_cast<std::uint8_t>(length));
    }

    bool fits() const { return fits_; }

private:
    Writer& writer_;
    OptionType type_;
    Alignment alignment_;
    bool fits_ = true;
};

template <typename Value>
bool set_once(std::optional<Value>& option, Value value) {
    if (option) {
        return false;
    }
    option = std::move(value);
    return true;
}

bool set_once(bool& option) {
    return !std::exchange(option, true);
}

template <class Octets = std::vector<std::uint8_t>>
Octets rest_of(Reader& data) {
    const auto rest = data.rest();
    return Octets(rest.begin(), rest.end());
}

bool read_mn_identifier(Reader& data, Options& options) {
    const std::uint8_t subtype = data.u8();
    const auto identifier = data.rest();
    return set_once(options.mn_identifier,
                    MnIdentifier{subtype, {identifier.begin(), identifier.end()}});
}

void write_mn_identifier(const Options& options, OptionWriter& writer) {
    if (!options.mn_identifier) {
        return;
    }
    writer.option([&](Writer& data) {
        data.u8(options.mn_identifier->subtype);
        std::ranges::for_each(options.mn_identifier->identifier,
                              [&](char octet) { data.u8(static_cast<std::uint8_t>(octet)); });
    });
}

/// One octet behind a reserved one, as RFC 5213 likes its options.
template <auto member>
bool read_reserved_octet(Reader& data, Options& options) {
    data.skip(1);
    return set_once(options.*member, data.u8());
}

template <auto member>
void write_reserved_octet(const Options& options, OptionWriter& writer) {
    if (options.*member) {
        writer.option([&](Writer& data) {
            data.u8(0);
            data.u8(*(options.*member));
        });
    }
}

template <auto member>
bool read_prefix(Reader& data, Options& options) {
    data.skip(1);
    const std::uint8_t length = data.u8();
    (options.*member).push_back({length, data.address()});
    return true;
}

template <auto member>
void write_prefixes(const Options& options, OptionWriter& writer) {
    for (const PrefixOption& prefix : options.*member) {
        writer.option([&](Writer& data) {
            data.u8(0);
            data.u8(prefix.length);
            data.address(prefix.prefix);
        });
    }
}

template <auto member>
bool read_address(Reader& data, Options& options) {
    return set_once(options.*member, data.address());
}

template <auto member>
void write_address(const Options& options, OptionWriter& writer) {
    if (options.*member) {
        writer.option([&](Writer& data) { data.address(*(options.*member)); });
    }
}

bool read_link_layer_identifier(Reader& data, Options& options) {
    data.skip(2);
    return set_once(options.link_layer_identifier, rest_of<LinkLayerAddress>(data));
}

void write_link_layer_identifier(const Options& options, OptionWriter& writer) {
    if (options.link_layer_identifier) {
        writer.option([&](Writer& data) {
            data.u16(0);
            data.octets(*options.link_layer_identifier);
        });
    }
}

bool read_timestamp(Reader& data, Options& options) {
    return set_once(options.timestamp, data.u64());
}

void write_timestamp(const Options& options, OptionWriter& writer) {
    if (options.timestamp) {
        writer.option([&](Writer& data) { data.u64(*options.timestamp); });
    }
}

bool read_refresh_advice(Reader& data, Options& options) {
    return set_once(options.refresh_advice, data.u16());
}

void write_refresh_advice(const Options& options, OptionWriter& writer) {
    if (options.refresh_advice) {
        writer.option([&](Writer& data) { data.u16(*options.refresh_advice); });
    }
}

bool read_restart_counter(Reader& data, Options& options) {
    return set_once(options.restart_counter, data.u32());
}

void write_restart_counter(const Options& options, OptionWriter& writer) {
    if (options.restart_counter) {
        writer.option([&](Writer& data) { data.u32(*options.restart_counter); });
    }
}

bool read_message_id(Reader& data, Options& options) {
    return set_once(options.message_id, data.u64());
}

void write_message_id(const Options& options, OptionWriter& writer) {
    if (options.message_id) {
        writer.option([&](Writer& data) { data.u64(*options.message_id); });
    }
}

bool read_message_authentication(Reader& data, Options& options) {
    const std::uint8_t subtype = data.u8();
    const std::uint32_t spi = data.u32();
    return set_once(options.authentication, MessageAuthentication{subtype, spi, rest_of(data), {}});
}

void write_message_authentication(const Options& options, OptionWriter& writer) {
    if (options.authentication) {
        writer.option([&](Writer& data) {
            data.u8(options.authentication->subtype);
            data.u32(options.authentication->spi);
            data.octets(options.authentication->authenticator);
        });
    }
}

/// Only its presence is of interest.
template <auto member>
bool read_presence(Reader&, Options& options) {
    return set_once(options.*member);
}

template <auto member, std::size_t length>
void write_presence(const Options& options, OptionWriter& writer) {
    if (options.*member) {
        writer.option([](Writer& data) { data.zeros(length); });
    }
}

/// Takes the data of an option, false when it came before and may not repeat; writes it again.
struct Codec {
    bool (*read)(Reader& data, Options& options);
    void (*write)(const Options& options, OptionWriter& writer);
};

template <auto member>
constexpr Codec octet{read_reserved_octet<member>, write_reserved_octet<member>};
template <auto member>
constexpr Codec prefixes{read_prefix<member>, write_prefixes<member>};
template <auto member>
constexpr Codec address{read_address<member>, write_address<member>};
template <auto member, std::size_t length>
constexpr Codec presence{read_presence<member>, write_presence<member, length>};

struct OptionFormat {
    OptionType type;
    std::string_view name;
    /// Smallest and largest Length octet.
    std::uint8_t least;
    std::uint8_t most;
    Alignment alignment;
    Codec codec;
};

// clang-format off
constexpr std::array formats{
    OptionFormat{OptionType::mn_identifier, "mnid", 1, any_length, {1, 0},
                 {read_mn_identifier, write_mn_identifier}},
    OptionFormat{OptionType::home_network_prefix, "hnp", 18, 18, {8, 4},
                 prefixes<&Options::home_network_prefixes>},
    OptionFormat{OptionType::handoff_indicator, "hi", 2, 2, {1, 0},
                 octet<&Options::handoff_indicator>},
    OptionFormat{OptionType::access_technology_type, "att", 2, 2, {1, 0},
                 octet<&Options::access_technology_type>},
    OptionFormat{OptionType::timestamp, "timestamp", 8, 8, {8, 2},
                 {read_timestamp, write_timestamp}},
    OptionFormat{OptionType::mn_link_layer_identifier, "llid", 2, any_length, {1, 0},
                 {read_link_layer_identifier, write_link_layer_identifier}},
    OptionFormat{OptionType::link_local_address, "lla", 16, 16, {8, 6},
                 address<&Options::link_local_address>},
    OptionFormat{OptionType::alternate_care_of_address, "alt-coa", 16, 16, {8, 6},
                 address<&Options::alternate_care_of_address>},
    OptionFormat{OptionType::mobile_network_prefix, "mnp", 18, 18, {8, 4},
                 prefixes<&Options::mobile_network_prefixes>},
    OptionFormat{OptionType::binding_refresh_advice, "refresh", 2, 2, {2, 0},
                 {read_refresh_advice, write_refresh_advice}},
    OptionFormat{OptionType::nonce_indices, "nonce", 4, 4, {2, 0},
                 presence<&Options::nonce_indices, 4>},
    OptionFormat{OptionType::restart_counter, "restart", 4, 4, {4, 2},
                 {read_restart_counter, write_restart_counter}},
    OptionFormat{OptionType::message_id, "mesg-id", 8, 8, {8, 2},
                 {read_message_id, write_message_id}},
    OptionFormat{OptionType::message_authentication, "auth", 5, any_length, {4, 1},
                 {read_message_authentication, write_message_authentication}},
    OptionFormat{OptionType::binding_authorization_data, "authorization", 0, any_length, {8, 2},
                 presence<&Options::binding_authorization_data, 12>},
};
// clang-format on

const OptionFormat* find_format(OptionType type) {
    const auto* found = std::ranges::find(formats, type, &OptionFormat::type);
    return found == formats.end() ? nullptr : found;
}

/// The message up to an authenticator of that size, which the reader has just passed.
std::vector<std::uint8_t> covered_octets(const Reader& reader, std::size_t authenticator_size) {
    constexpr std::size_t checksum = 4;
    const auto passed = reader.passed();
    const auto octets = passed.first(passed.size() - authenticator_size);
    std::vector<std::uint8_t> covered{octets.begin(), octets.end()};
    covered.at(checksum) = 0;
    covered.at(checksum + 1) = 0;
    return covered;
}

/// Notes what the authenticator covers when it was the option just read, and nothing any more when
/// the option came behind it.
void cover(MessageAuthentication& authentication, OptionType type, const Reader& reader) {
    if (type == OptionType::message_authentication) {
        authentication.covered = covered_octets(reader, authentication.authenticator.size());
    } else if (type != OptionType::pad_n) {
        authentication.covered.clear();
    }
}

/// Zero octets are Pad1 options.
void fill_up(Writer& writer, Layout::Padding padding) {
    if (padding == Layout::Padding::zeros) {
        writer.zeros(whole_header.padding(writer.size()));
    } else {
        writer.pad_options(whole_header);
    }
}

} // namespace

std::optional<Prefix> PrefixOption::value() const {
    const auto value = Prefix::of(prefix, length);
    return value && value->address() == prefix ? value : std::nullopt;
}

std::string_view option_name(OptionType type) {
    const OptionFormat* format = find_format(type);
    return format == nullptr ? std::string_view() : format->name;
}

std::optional<OptionType> option_of_name(std::string_view name) {
    const auto* found = std::ranges::find(formats, name, &OptionFormat::name);
    return found == formats.end() ? std::nullopt : std::optional(found->type);
}

std::optional<OptionFault> read_options(Reader& reader, Options& options) {
    while (reader.remaining() > 0) {
        const std::size_t offset = reader.offset();
        const auto type = static_cast<OptionType>(reader.u8());
        if (type == OptionType::pad_1) {
            continue;
        }
        const std::uint8_t length = reader.u8();
        Reader data(reader.take(length));
        const OptionFormat* format = find_format(type);
        if (!reader.ok() ||
            (format != nullptr && (length < format->least || length > format->most))) {
            return OptionFault{OptionFault::Kind::bad_length, offset};
        }
        if (format != nullptr && !format->codec.read(data, options)) {
            return OptionFault{OptionFault::Kind::duplicate, offset};
        }
        if (options.authentication) {
            cover(*options.authentication, type, reader);
        }
    }
    return std::nullopt;
}

bool write_options(Writer& writer, const Options& options, const Layout& layout) {
    bool fits = true;
    for (const OptionType type : layout.order) {
        const OptionFormat* format = find_format(type);
        if (format == nullptr) {
            continue;
        }
        const bool aligned = layout.padding == Layout::Padding::aligned;
        OptionWriter option_writer(writer, type, aligned ? format->alignment : Alignment{});
        format->codec.write(options, option_writer);
        fits = fits && option_writer.fits();
    }
    fill_up(writer, layout.padding);
    return fits;
}

} // namespace anchor6::wire
