// Where keys come from. A key belongs to one origin (scheme, host, port) and goes nowhere else.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "provider/secret.h"

namespace mw::provider {

enum class KeySource { session, environment, keyring, file };
std::string_view to_string(KeySource source); // "the environment"

struct FoundKey {
    Secret key;
    KeySource source = KeySource::session;
};

// Thread-safe.
class Keys {
  public:
    // `variables`: whose values belong to `origin`. Asked in the order session memory, environment,
    // desktop keyring, file. Empty: there is none. Errors: permission_denied for a key file that
    // others can read, corrupt for one that cannot be understood.
    Result<std::optional<FoundKey>> find(const std::string& origin,
                                         const std::vector<std::string>& variables) const;

    // The same without the keyring, which may ask and wait.
    Result<std::optional<FoundKey>> find_quick(const std::string& origin,
                                               const std::vector<std::string>& variables) const;

    // Until the program ends. An empty key forgets.
    void set_for_session(const std::string& origin, Secret key);
    // The desktop's keyring (libsecret), readable by every program of the session. Errors: engine
    // with the way out when there is none or it stays locked.
    static Status store_in_keyring(const std::string& origin, const Secret& key);
    static Status forget_in_keyring(const std::string& origin);

    // Lines "https://api.example.com KEY"; '#' begins a comment. Only a regular file of this user
    // with mode 0600 or less is read. keys in the configuration folder unless MASKWRIGHT_KEYS names
    // another.
    static std::filesystem::path key_file();

  private:
    mutable std::mutex mutex_;
    std::map<std::string, Secret> session_;
    mutable std::map<std::string, Secret> from_keyring_; // asked once: it may prompt
};

// The keys of this process.
Keys& keys();

} // namespace mw::provider
