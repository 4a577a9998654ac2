// SHA-256 (FIPS 180-4), streaming, for the proof of untouched samples and for content keys.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace mw {

class Sha256 {
  public:
    Sha256();
    ~Sha256();
    // A copy goes on from what was hashed so far, apart from the original.
    Sha256(const Sha256& other);
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;

    void update(std::span<const std::byte> bytes);
    // 64 lower-case hex digits. The object is spent afterwards.
    std::string finish_hex();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

std::string sha256_hex(std::span<const std::byte> bytes);

} // namespace mw
