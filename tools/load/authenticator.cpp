// SPDX-License-Identifier: GPL-2.0-or-later
#include "authenticator.h"

#include <array>
#include <stdexcept>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "wire/mobility_option.h"
#include "wire/writer.h"

namespace anchor6::load {

std::vector<std::uint8_t> make_authenticator(const SecurityAssociation& association,
                                             const wire::Address& care_of_address,
                                             const wire::Address& home_address,
                                             std::span<const std::uint8_t> covered) {
    wire::Writer data;
    data.address(care_of_address);
    data.address(home_address);
    data.octets(covered);
    std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
    if (HMAC(EVP_sha1(), association.key.data(), static_cast<int>(association.key.size()),
             data.octets().data(), data.size(), digest.data(), nullptr) == nullptr) {
        throw std::runtime_error("libcrypto has no HMAC-SHA1");
    }
    const auto first = std::span(digest).first<wire::MessageAuthentication::authenticator_size>();
    return {first.begin(), first.end()};
}

} // namespace anchor6::load
