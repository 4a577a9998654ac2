#include "render/tile_cache.h"

namespace mw::render {
namespace {

constexpr std::size_t kLeastBudget = 4u << 20;

std::size_t texture_bytes(Size size) {
    return static_cast<std::size_t>(size.area()) * sizeof(Texel);
}

} // namespace

const Tile* TileCache::find(const TileKey& key) {
    const auto found = index_.find(key);
    if (found == index_.end()) return nullptr;
    entries_.splice(entries_.begin(), entries_, found->second);
    found->second->used = frame_;
    return &found->second->tile;
}

const Tile* TileCache::add(const TileKey& key, Size texture_size, const Texel* texels) {
    const std::size_t bytes = texture_bytes(texture_size);
    if (!make_room(bytes)) return nullptr;
    Texture texture = make_texture(GL_RGBA8, GL_RGBA, texture_size, texels);
    while (!texture && shrink() && make_room(bytes))
        texture = make_texture(GL_RGBA8, GL_RGBA, texture_size, texels);
    if (!texture) return nullptr;
    entries_.push_front({key, {std::move(texture), texture_size}, frame_});
    index_[key] = entries_.begin();
    bytes_ += bytes;
    return &entries_.front().tile;
}

void TileCache::drop_picture(std::uint32_t picture) {
    for (auto it = entries_.begin(); it != entries_.end();) {
        if (it->key.picture == picture) {
            bytes_ -= texture_bytes(it->tile.texture_size);
            index_.erase(it->key);
            it = entries_.erase(it);
        } else {
            ++it;
        }
    }
}

bool TileCache::shrink() {
    if (budget_ <= kLeastBudget) return false;
    budget_ = std::max(kLeastBudget, std::min(budget_, bytes_ + pinned_) / 2);
    make_room(0);
    return true;
}

bool TileCache::make_room(std::size_t bytes) {
    while (bytes_ + pinned_ + bytes > budget_) {
        if (entries_.empty() || entries_.back().used == frame_) return false;
        drop_last();
    }
    return true;
}

void TileCache::drop_last() {
    bytes_ -= texture_bytes(entries_.back().tile.texture_size);
    index_.erase(entries_.back().key);
    entries_.pop_back();
}

} // namespace mw::render
