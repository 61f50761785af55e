// SPDX-License-Identifier: GPL-2.0-or-later
#include "arguments.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <sysexits.h>

#include "hex.h"
#include "update_template.h"
#include "wire/reader.h"

namespace anchor6::load {

namespace {

constexpr unsigned lifetime_unit = 4;
constexpr unsigned most_lifetime = 0xffff * lifetime_unit;

template <typename Number>
std::optional<Number> parse_number(std::string_view text, int base = 10) {
    Number number{};
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number, base);
    return error == std::errc{} && stop == end ? std::optional(number) : std::nullopt;
}

/// A prefix that need not be one: "::" has length 0, host bits and lengths up to 255 are allowed.
std::optional<wire::PrefixOption> parse_prefix(const std::string& text) {
    const std::size_t slash = std::min(text.find('/'), text.size());
    const auto address = wire::Address::parse(std::string_view(text).substr(0, slash));
    const auto length = slash == text.size()
                            ? std::optional<std::uint8_t>(0)
                            : parse_number<std::uint8_t>(std::string_view(text).substr(slash + 1));
    const bool bare = slash == text.size();
    if (!address || !length || (bare && !address->is_unspecified())) {
        return std::nullopt;
    }
    return wire::PrefixOption{*length, *address};
}

std::optional<std::uint16_t> parse_flags(const std::string& letters) {
    static const std::map<char, std::uint16_t> masks{
        {'A', wire::bu_flag::acknowledge},        {'H', wire::bu_flag::home_registration},
        {'L', wire::bu_flag::link_local},         {'K', wire::bu_flag::key_management},
        {'M', wire::bu_flag::map_registration},   {'R', wire::bu_flag::mobile_router},
        {'P', wire::bu_flag::proxy_registration}, {'F', wire::bu_flag::force_udp},
        {'T', wire::bu_flag::tlv_header},         {'B', wire::bu_flag::bulk},
    };
    std::uint16_t flags = 0;
    for (const char letter : letters) {
        const auto mask = masks.find(letter);
        if (mask == masks.end()) {
            return std::nullopt;
        }
        flags |= mask->second;
    }
    return flags;
}

std::optional<TimeChoice> parse_offset(std::string_view text) {
    text.remove_prefix(text.starts_with('+') ? 1 : 0);
    const auto offset = parse_number<std::int64_t>(text);
    return offset ? std::optional<TimeChoice>(ClockOffset{std::chrono::milliseconds(*offset)})
                  : std::nullopt;
}

std::optional<TimeChoice> parse_value(std::string_view text, int base) {
    const auto value = parse_number<std::uint64_t>(text, base);
    return value ? std::optional<TimeChoice>(*value) : std::nullopt;
}

std::optional<TimeChoice> parse_timestamp(const std::string& text) {
    constexpr std::string_view raw = "raw:";
    if (text == "none") {
        return TimeChoice{};
    }
    if (text == "now") {
        return ClockOffset{};
    }
    return text.starts_with(raw) ? parse_value(std::string_view(text).substr(raw.size()), 16)
                                 : parse_offset(text);
}

/// The same, but a bare number is the value that answers print.
std::optional<TimeChoice> parse_message_id(const std::string& text) {
    const auto value = parse_value(text, 10);
    return value ? value : parse_timestamp(text);
}

/// "SPI:HEX"
std::optional<SecurityAssociation> parse_association(const std::string& text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string::npos) {
        return std::nullopt;
    }
    const auto spi = parse_number<std::uint32_t>(std::string_view(text).substr(0, colon));
    const auto key = parse_hex(std::string_view(text).substr(colon + 1));
    return spi && key ? std::optional(SecurityAssociation{*spi, *key}) : std::nullopt;
}

std::optional<std::vector<wire::OptionType>> parse_option_names(const std::string& text) {
    std::vector<wire::OptionType> types;
    for (const std::string& name : CLI::detail::split(text, ',')) {
        const auto type = wire::option_of_name(name);
        if (!type) {
            return std::nullopt;
        }
        types.push_back(*type);
    }
    return types;
}

std::optional<wire::Layout::Padding> parse_padding(const std::string& text) {
    using Padding = wire::Layout::Padding;
    return text == "aligned"     ? std::optional(Padding::aligned)
           : text == "unaligned" ? std::optional(Padding::unaligned)
           : text == "zeros"     ? std::optional(Padding::zeros)
                                 : std::nullopt;
}

std::optional<std::uint16_t> parse_checksum(const std::string& text) {
    return parse_number<std::uint16_t>(text, 16);
}

/// "OFFSET:HEX"
std::optional<Patch> parse_patch(const std::string& text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string::npos) {
        return std::nullopt;
    }
    const auto offset = parse_number<std::size_t>(std::string_view(text).substr(0, colon));
    const auto octets = parse_hex(std::string_view(text).substr(colon + 1));
    return offset && octets ? std::optional(Patch{*offset, *octets}) : std::nullopt;
}

std::optional<wire::LinkLayerAddress> parse_link_layer_identifier(const std::string& text) {
    const auto octets = parse_hex(text);
    if (!octets)
        return std::nullopt;
    return wire::LinkLayerAddress(octets->begin(), octets->end());
}

/// Declares options on a command; a value that its parser does not take is a usage error.
class Declaration {
public:
    explicit Declaration(CLI::App& app) : app_(app) {}

    template <typename Target, typename Parser>
    CLI::Option* value(const std::string& name, Target& target, Parser parser,
                       const std::string& help) {
        const auto set = [&target, parser, name](const std::string& text) {
            target = read(name, text, parser);
        };
        return app_.add_option_function<std::string>(name, set, help);
    }

    template <typename Target, typename Parser>
    CLI::Option* list(const std::string& name, std::vector<Target>& targets, Parser parser,
                      const std::string& help) {
        const auto set = [&targets, parser, name](const std::vector<std::string>& texts) {
            for (const std::string& text : texts) {
                targets.push_back(read(name, text, parser));
            }
        };
        return app_.add_option_function<std::vector<std::string>>(name, set, help)
            ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    }

    CLI::Option* address(const std::string& name, wire::Address& target, const std::string& help) {
        return value(name, target, wire::Address::parse, help)->type_name("ADDRESS");
    }
    CLI::Option* address(const std::string& name, std::optional<wire::Address>& target,
                         const std::string& help) {
        return value(name, target, wire::Address::parse, help)->type_name("ADDRESS");
    }

    CLI::App& app() { return app_; }

private:
    template <typename Parser>
    static auto read(const std::string& name, const std::string& text, Parser parser) {
        const auto parsed = parser(text);
        if (!parsed) {
            throw CLI::ValidationError(name, "cannot read '" + text + "'");
        }
        return *parsed;
    }

    CLI::App& app_;
};

/// What a command collects; assemble() makes a request of it.
struct Collected {
    Arguments arguments;
    wire::BindingUpdate update;
    /// Set beside those of --flags.
    std::uint16_t more_flags = 0;
    std::optional<TimeChoice> message_id;
    unsigned lifetime = 0;
    std::uint16_t identifier = 0;
    bool mobile_router = false;
    std::vector<wire::OptionType> omitted;
    std::vector<wire::OptionType> repeated;
    wire::Address home_address;
    RawMessage raw;
};

void declare_deformation(Declaration& command, Deformation& deformation) {
    CLI::App& app = command.app();
    app.add_option("--payload-proto", deformation.payload_proto, "Payload Proto, 59 when good");
    app.add_option("--header-len", deformation.header_len, "Header Len, in units of 8 octets - 1");
    app.add_option("--type", deformation.type, "MH Type");
    command.list("--set", deformation.patches, parse_patch, "overwrite octets of the message")
        ->type_name("OFFSET:HEX")
        ->allow_extra_args(false);
    app.add_option("--truncate", deformation.truncated_size, "keep this many octets");
    command.value("--checksum", deformation.checksum, parse_checksum, "a wrong checksum")
        ->type_name("HEX");
}

void declare_run(Declaration& command, Arguments& arguments) {
    CLI::App& app = command.app();
    const auto milliseconds = [&app](const std::string& name, std::chrono::milliseconds& target,
                                     const std::string& help) {
        app.add_option_function<unsigned>(
               name, [&target](unsigned value) { target = std::chrono::milliseconds(value); }, help)
            ->type_name("MS");
    };
    app.add_option("--count", arguments.pace.count,
                   "send this many, sequence numbers or identifiers rising");
    milliseconds("--interval", arguments.pace.interval, "time between two of them");
    milliseconds("--wait", arguments.pace.wait, "wait for answers after the last (1000)");
    app.add_flag("--json", arguments.json, "print one JSON object a line");
}

void declare_message(Declaration& command, Collected& collected) {
    CLI::App& app = command.app();
    Request& request = collected.arguments.request;
    app.add_option("--seq", collected.update.sequence, "sequence number of the first message");
    app.add_option("--lifetime", collected.lifetime, "seconds, rounded up to units of 4 s")
        ->check(CLI::Range(0U, most_lifetime))
        ->type_name("SECONDS")
        ->required();
    command.value("--flags", collected.update.flags, parse_flags, "letters of A H L K M R P F T B")
        ->type_name("LETTERS");
    command.address("--alt-coa", collected.update.options.alternate_care_of_address,
                    "Alternate Care-of Address option");
    command.value("--options", request.order, parse_option_names, "order of the options")
        ->type_name("NAME,...");
    command.list("--omit", collected.omitted, wire::option_of_name, "leave these options out")
        ->type_name("NAME,...")
        ->delimiter(',');
    command.list("--repeat", collected.repeated, wire::option_of_name, "write these options twice")
        ->type_name("NAME,...")
        ->delimiter(',');
    command.value("--pad", request.padding, parse_padding, "aligned, unaligned or zeros")
        ->type_name("PADDING");
}

/// Where a mobile node is, and its home agent.
void declare_node(Declaration& command, Collected& collected) {
    Request& request = collected.arguments.request;
    command.address("--home", collected.home_address, "home address")->required();
    command.address("--coa", request.source, "care-of address, the source")->required();
    command.address("--anchor", request.anchor, "address of the home agent")->required();
    command.app().add_flag_callback(
        "--no-hao", [&request] { request.home_address_option = false; }, "no Home Address option");
}

void declare_bu(Declaration command, Collected& collected) {
    declare_node(command, collected);
    CLI::App& app = command.app();
    const auto flag = [&](const std::string& name, std::uint16_t mask, const std::string& help) {
        app.add_flag_callback(
            name, [&collected, mask] { collected.more_flags |= mask; }, help);
    };
    flag("--router", wire::bu_flag::mobile_router, "set the R flag");
    flag("--link-local", wire::bu_flag::link_local, "set the L flag");
    command
        .list("--mnp", collected.update.options.mobile_network_prefixes, parse_prefix,
              "Mobile Network Prefix option")
        ->type_name("PREFIX");
    command
        .value("--auth", collected.arguments.request.association, parse_association,
               "authenticate, and verify the answer")
        ->type_name("SPI:HEX");
    command
        .value("--message-id", collected.message_id, parse_message_id,
               "now (default with --auth), +MS, -MS, N, raw:HEX or none (default without)")
        ->type_name("TIME");
    declare_message(command, collected);
}

void declare_pbu(Declaration command, Collected& collected) {
    Request& request = collected.arguments.request;
    wire::Options& options = collected.update.options;
    request.timestamp = ClockOffset{};
    const auto set_identifier = [&options](const std::string& text) {
        options.mn_identifier = wire::MnIdentifier{wire::MnIdentifier::nai, text};
    };
    command.address("--mag", request.source, "address of the MAG, the source")->required();
    command.address("--anchor", request.anchor, "address of the LMA")->required();
    command.app().add_option_function<std::string>("--mn", set_identifier,
                                                   "identifier of the node");
    command
        .list("--hnp", options.home_network_prefixes, parse_prefix, "home network prefix, or ::")
        ->type_name("PREFIX");
    command.app().add_option("--hi", options.handoff_indicator, "handoff indicator");
    command.app().add_option("--att", options.access_technology_type, "access technology type");
    command
        .value("--timestamp", request.timestamp, parse_timestamp,
               "now (default), +MS, -MS, none or raw:HEX")
        ->type_name("TIME");
    command
        .value("--llid", options.link_layer_identifier, parse_link_layer_identifier,
               "link-layer identifier")
        ->type_name("HEX");
    command.address("--lla", options.link_local_address, "link-local address, :: asks for one");
    declare_message(command, collected);
}

void declare_raw(Declaration command, Collected& collected) {
    Request& request = collected.arguments.request;
    command.address("--source", request.source, "source of the packet")->required();
    command.address("--anchor", request.anchor, "destination of the packet")->required();
    command.address("--hao", request.home_address, "Home Address option");
    command.value("octets", collected.raw, parse_hex, "the Mobility Header")
        ->type_name("HEX")
        ->required();
}

void declare_dhaad(Declaration command, Collected& collected) {
    Request& request = collected.arguments.request;
    command.address("--coa", request.source, "care-of address, the source")->required();
    command.address("--anchor", request.anchor, "home-agents anycast address, or a home agent's")
        ->required();
    command.app().add_option("--identifier", collected.identifier, "of the first message (0)");
    command.app().add_flag("--router", collected.mobile_router, "set the R flag");
}

void declare_mps(Declaration command, Collected& collected) {
    declare_node(command, collected);
    command.app().add_option("--identifier", collected.identifier, "of the first message (0)");
}

/// The options of one type become none or two.
void arrange_options(const Collected& collected, std::vector<wire::OptionType>& order) {
    std::erase_if(order, [&](wire::OptionType type) {
        return std::ranges::find(collected.omitted, type) != collected.omitted.end();
    });
    for (const wire::OptionType type : collected.repeated) {
        const auto first = std::ranges::find(order, type);
        if (first != order.end()) {
            order.insert(first, type);
        }
    }
}

void assemble_update(Collected& collected) {
    Request& request = collected.arguments.request;
    collected.update.flags |= collected.more_flags;
    collected.update.lifetime =
        static_cast<std::uint16_t>((collected.lifetime + lifetime_unit - 1) / lifetime_unit);
    const TimeChoice usual = request.association ? TimeChoice(ClockOffset{}) : TimeChoice();
    request.message_id = collected.message_id.value_or(usual);
    arrange_options(collected, request.order);
    request.message = std::move(collected.update);
}

Arguments assemble(const std::string& command, Collected collected) {
    Request& request = collected.arguments.request;
    const bool of_node = command == "bu" || command == "mps";
    if (of_node && collected.home_address != request.source) {
        request.home_address = collected.home_address;
    }
    if (command == "raw") {
        request.message = std::move(collected.raw);
    } else if (command == "dhaad") {
        request.message =
            wire::HomeAgentDiscoveryRequest{collected.identifier, collected.mobile_router};
    } else if (command == "mps") {
        request.message = wire::MobilePrefixSolicitation{collected.identifier};
    } else {
        assemble_update(collected);
    }
    return std::move(collected.arguments);
}

using Declare = void (*)(Declaration command, Collected& collected);

struct Command {
    const char* name;
    const char* help;
    Declare declare;
    /// Flags of a Binding Update without --flags.
    std::uint16_t flags = 0;
};

constexpr std::array commands{
    Command{"bu", "Binding Update of a mobile node", declare_bu,
            wire::bu_flag::acknowledge | wire::bu_flag::home_registration},
    Command{"pbu", "Proxy Binding Update of a MAG", declare_pbu,
            wire::bu_flag::acknowledge | wire::bu_flag::proxy_registration},
    Command{"raw", "any octets as Mobility Header", declare_raw},
    Command{"dhaad", "Home Agent Address Discovery Request", declare_dhaad},
    Command{"mps", "Mobile Prefix Solicitation", declare_mps},
};

bool is_mobility(const Command& command) {
    return command.declare != declare_dhaad && command.declare != declare_mps;
}

void declare(CLI::App& app, const Command& command, Collected& collected) {
    Declaration declaration(*app.add_subcommand(command.name, command.help));
    collected.update.flags = command.flags;
    command.declare(declaration, collected);
    if (is_mobility(command)) {
        declare_deformation(declaration, collected.arguments.request.deformation);
    }
    declare_run(declaration, collected.arguments);
}

constexpr const char* rate_name = "rate";

template <typename Number>
void declare_number(CLI::App& app, const std::string& name, Number& target, CLI::Range range,
                    const std::string& help) {
    app.add_option(name, target, help)->check(range)->capture_default_str();
}

void declare_rate(CLI::App& parent, RateArguments& arguments) {
    CLI::App& app = *parent.add_subcommand(
        rate_name, "registrations and refreshes a second of many nodes at many MAGs");
    RateRequest& request = arguments.request;
    Declaration command(app);
    command.address("--source", request.source, "of the first MAG")->required();
    command.address("--anchor", request.anchor, "of the LMA")->required();
    declare_number(app, "--mags", request.mags, CLI::Range(1, 65536),
                   "addresses from the first on");
    declare_number(app, "--nodes", request.nodes, CLI::Range(1U, nodes_max), "how many");
    declare_number(app, "--refreshes", request.refreshes, CLI::Range(0, 1000), "of each node");
    declare_number(app, "--window", request.window, CLI::Range(1U, nodes_max),
                   "messages without an answer at a time");
    app.add_option("--per-second", request.per_second,
                   "messages, a group each 7 ms; as fast as answers come (without)")
        ->check(CLI::Range(1.0, 1e7));
    app.add_option_function<unsigned>(
           "--lifetime",
           [&](unsigned seconds) { request.lifetime = std::chrono::seconds(seconds); },
           "seconds (3600)")
        ->check(CLI::Range(lifetime_unit, most_lifetime));
    app.add_option_function<unsigned>(
           "--wait", [&](unsigned value) { request.wait = std::chrono::milliseconds(value); },
           "milliseconds until a message is sent again (1000)")
        ->check(CLI::Range(1, 3600000));
    declare_number(app, "--retries", request.retries, CLI::Range(0, 100), "how often again");
    app.add_flag("--json", arguments.json, "one JSON object a line");
}

} // namespace

std::variant<Arguments, RateArguments, int> parse_arguments(int argc, char** argv) {
    CLI::App app("Sends Mobile IPv6 and Proxy Mobile IPv6 signaling to an anchor and prints the "
                 "answers.",
                 "anchor6-load");
    app.require_subcommand(1);
    app.option_defaults()->take_last();
    std::map<std::string, Collected> collected;
    for (const Command& command : commands) {
        declare(app, command, collected[command.name]);
    }
    RateArguments rate;
    declare_rate(app, rate);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? EX_OK : EX_USAGE;
    }
    const std::string command = app.get_subcommands().front()->get_name();
    if (command == rate_name) {
        return rate;
    }
    return assemble(command, std::move(collected.at(command)));
}

} // namespace anchor6::load
