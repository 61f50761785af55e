// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire_fixture.h"

#include <charconv>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "wire/ipv6_packet.h"

namespace anchor6::wire {

namespace {

Fixture read_fixture(const std::filesystem::path& path) {
    std::ifstream file(path);
    if (!file) {
        throw std::runtime_error("cannot read " + path.string() + ": run in the source tree");
    }
    std::string hex;
    for (std::string line; std::getline(file, line);) {
        if (!line.starts_with('#')) {
            hex += line;
        }
    }
    return {path.stem(), from_hex(hex)};
}

std::filesystem::path folder() {
    return std::filesystem::path(__FILE__).parent_path() / "fixtures";
}

} // namespace

std::vector<Fixture> all_fixtures() {
    std::vector<Fixture> fixtures;
    for (const auto& entry : std::filesystem::directory_iterator(folder())) {
        fixtures.push_back(read_fixture(entry.path()));
    }
    return fixtures;
}

Octets fixture_packet(std::string_view name) {
    return read_fixture((folder() / name).concat(".hex")).packet;
}

Octets fixture_message(std::string_view name) {
    return std::get<Ipv6Packet>(parse_packet(fixture_packet(name))).payload;
}

Octets from_hex(std::string_view hex) {
    Octets octets;
    for (; hex.size() >= 2; hex.remove_prefix(2)) {
        std::uint8_t octet = 0;
        std::from_chars(hex.data(), hex.data() + 2, octet, 16);
        octets.push_back(octet);
    }
    return octets;
}

Address address(std::string_view text) {
    return Address::parse(text).value();
}

Prefix prefix(std::string_view text) {
    return Prefix::parse(text).value();
}

} // namespace anchor6::wire
