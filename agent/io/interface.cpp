// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/interface.h"

#include <array>
#include <cstring>
#include <memory>

#include <ifaddrs.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "io/ancillary_data.h"
#include "io/file_descriptor.h"

namespace anchor6::io {

namespace {

struct FreeAddresses {
    void operator()(ifaddrs* addresses) const { freeifaddrs(addresses); }
};

std::optional<ifreq> ask(const std::string& name, unsigned long what) {
    FileDescriptor fd{socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    ifreq request{};
    name.copy(static_cast<char*>(request.ifr_name), IFNAMSIZ - 1);
    if (!fd || ioctl(fd.get(), what, &request) < 0)
        return {};
    return request;
}

} // namespace

std::uint32_t interface_index(const std::string& name) {
    return name.empty() ? 0 : if_nametoindex(name.c_str());
}

std::uint32_t interface_in_use(const std::string& name) {
    const auto answer = ask(name, SIOCGIFFLAGS);
    return answer && (answer->ifr_flags & IFF_UP) != 0 ? interface_index(name) : 0;
}

wire::LinkLayerAddress link_layer_address(const std::string& name) {
    const auto answer = ask(name, SIOCGIFHWADDR);
    if (!answer || answer->ifr_hwaddr.sa_family != ARPHRD_ETHER)
        return {};
    wire::LinkLayerAddress address(ETH_ALEN, 0);
    std::memcpy(address.data(), &answer->ifr_hwaddr.sa_data[0], address.size());
    return address;
}

std::string interface_name(std::uint32_t index) {
    std::array<char, IFNAMSIZ> name{};
    return if_indextoname(index, name.data()) == nullptr ? std::string{} : name.data();
}

std::optional<wire::Address> link_local_address(const std::string& name) {
    ifaddrs* first = nullptr;
    if (getifaddrs(&first) < 0)
        return {};
    std::unique_ptr<ifaddrs, FreeAddresses> addresses{first};
    for (const ifaddrs* entry = first; entry != nullptr; entry = entry->ifa_next) {
        if (entry->ifa_addr == nullptr || entry->ifa_addr->sa_family != AF_INET6 ||
            name != entry->ifa_name)
            continue;
        sockaddr_in6 address{};
        std::memcpy(&address, entry->ifa_addr, sizeof(address));
        if (auto candidate = to_address(address.sin6_addr); candidate.is_link_local())
            return candidate;
    }
    return {};
}

} // namespace anchor6::io
