// SPDX-License-Identifier: GPL-2.0-or-later
#include "io/privileges.h"

#include <filesystem>
#include <optional>
#include <stdexcept>

#include <cap-ng.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "io/log.h"
#include "io/system_error.h"

namespace anchor6::io {

namespace {

struct Account {
    uid_t uid;
    gid_t gid;
};

/// Nothing: the agent stays who it is.
std::optional<Account> account_of(const std::string& user) {
    if (user.empty() || geteuid() != 0)
        return {};
    const passwd* entry = getpwnam(user.c_str());
    if (entry == nullptr)
        throw std::runtime_error("user \"" + user +
                                 "\" does not exist: make it, or set agent.user to \"\"");
    return Account{entry->pw_uid, entry->pw_gid};
}

void require_capability(unsigned capability, const char* name) {
    if (capng_have_capability(CAPNG_EFFECTIVE, capability) == 0)
        throw std::runtime_error(std::string{"the agent needs "} + name + ": start it as root");
}

void keep_network_capabilities() {
    capng_get_caps_process();
    require_capability(CAP_NET_ADMIN, "CAP_NET_ADMIN");
    require_capability(CAP_NET_RAW, "CAP_NET_RAW");
    capng_clear(CAPNG_SELECT_BOTH);
    auto type = static_cast<capng_type_t>(CAPNG_EFFECTIVE | CAPNG_PERMITTED);
    if (capng_updatev(CAPNG_ADD, type, CAP_NET_ADMIN, CAP_NET_RAW, -1) != 0)
        throw std::runtime_error("capabilities cannot be chosen");
}

} // namespace

void prepare_directory(const std::string& file, const std::string& user) {
    std::filesystem::path directory = std::filesystem::path{file}.parent_path();
    auto account = account_of(user);
    if (!std::filesystem::create_directories(directory) || !account)
        return;
    if (chown(directory.c_str(), account->uid, account->gid) < 0)
        throw system_error(directory.string());
}

void reduce_privileges(const std::string& user) {
    auto account = account_of(user);
    keep_network_capabilities();
    int error = 0;
    if (account) {
        auto flags = static_cast<capng_flags_t>(CAPNG_INIT_SUPP_GRP | CAPNG_CLEAR_BOUNDING);
        error =
            capng_change_id(static_cast<int>(account->uid), static_cast<int>(account->gid), flags);
    } else {
        // Without CAP_SETPCAP the bounding set stays; no_new_privs makes it worthless.
        bool bounding = geteuid() == 0;
        error = capng_apply(bounding ? CAPNG_SELECT_BOTH : CAPNG_SELECT_CAPS);
        if (bounding)
            log::warn("the agent stays root, with CAP_NET_ADMIN and CAP_NET_RAW only");
    }
    if (error != 0)
        throw std::runtime_error("privileges cannot be reduced: error " + std::to_string(error));
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
        throw system_error("PR_SET_NO_NEW_PRIVS");
}

} // namespace anchor6::io
