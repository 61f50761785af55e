// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/config.h"
#include "io/file_descriptor.h"
#include "wire/address.h"

namespace anchor6::io {

/// The physical home links of the configuration. Each is made ready whenever it comes up, now or
/// later: proxy neighbour entries work on it, and the home-agents anycast address of its prefixes
/// (RFC 6275 section 8.4) is an address of this router.
class HomeLinks {
public:
    void configure(const core::Config& config);

    /// Looks at the interfaces again. True: a home link has come up, and nothing is defended there.
    bool refresh();

    /// The home link with that interface index; empty: none.
    std::string name_of(std::uint32_t index) const;

private:
    struct HomeLink {
        std::string name;
        std::vector<wire::Prefix> prefixes;
        /// 0 while it is missing or down.
        std::uint32_t index = 0;
        /// Holds the anycast addresses.
        FileDescriptor anycast;

        void make_ready();
    };

    std::vector<HomeLink> links_;
};

} // namespace anchor6::io
