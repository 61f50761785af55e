// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/message_authentication.h"

#include <algorithm>
#include <array>
#include <span>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace anchor6::core {

using wire::MessageAuthentication;

std::vector<std::uint8_t> mn_ha_authenticator(const MnHaAssociation& association,
                                              const AuthenticatedAddresses& addresses,
                                              std::span<const std::uint8_t> covered) {
    std::vector<std::uint8_t> data;
    std::ranges::copy(addresses.care_of_address.octets(), std::back_inserter(data));
    std::ranges::copy(addresses.home_address.octets(), std::back_inserter(data));
    std::ranges::copy(covered, std::back_inserter(data));
    std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
    if (HMAC(EVP_sha1(), association.key.data(), static_cast<int>(association.key.size()),
             data.data(), data.size(), digest.data(), nullptr) == nullptr)
        return {};
    return {digest.begin(), digest.begin() + MessageAuthentication::authenticator_size};
}

bool is_authentic(const MessageAuthentication& option, const MnHaAssociation& association,
                  const AuthenticatedAddresses& addresses) {
    if (option.subtype != MessageAuthentication::mn_ha || option.spi != association.spi ||
        option.covered.empty())
        return false;
    const auto expected = mn_ha_authenticator(association, addresses, option.covered);
    return !expected.empty() && option.authenticator.size() == expected.size() &&
           CRYPTO_memcmp(option.authenticator.data(), expected.data(), expected.size()) == 0;
}

template <class Message>
void authenticate(Message& message, const MnHaAssociation& association,
                  const AuthenticatedAddresses& addresses) {
    message.options.authentication =
        MessageAuthentication{MessageAuthentication::mn_ha, association.spi, {}, {}};
    const auto covered = wire::authenticated_octets(message);
    message.options.authentication->authenticator =
        mn_ha_authenticator(association, addresses, covered);
}

template void authenticate(wire::BindingUpdate&, const MnHaAssociation&,
                           const AuthenticatedAddresses&);
template void authenticate(wire::BindingAcknowledgement&, const MnHaAssociation&,
                           const AuthenticatedAddresses&);

bool is_timely(wire::MessageId id, wire::MessageId clock, std::chrono::milliseconds window) {
    constexpr std::uint64_t milliseconds = 1000;
    const std::uint64_t distance = is_later(id, clock) ? id - clock : clock - id;
    return distance <= (static_cast<std::uint64_t>(window.count()) << 32) / milliseconds;
}

} // namespace anchor6::core
