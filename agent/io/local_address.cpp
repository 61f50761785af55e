// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/local_address.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include "io/ancillary_data.h"
#include "io/file_descriptor.h"

namespace anchor6::io {

bool is_local_address(const wire::Address& address) {
    FileDescriptor fd{socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
    sockaddr_in6 local{};
    local.sin6_family = AF_INET6;
    local.sin6_addr = to_in6_addr(address);
    return fd && bind(fd.get(), reinterpret_cast<sockaddr*>(&local), sizeof(local)) == 0;
}

} // namespace anchor6::io
