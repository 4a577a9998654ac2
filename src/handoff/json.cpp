#include "handoff/json.h"

#include <cmath>

namespace mw::handoff {

Json number(double value) {
    return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json rect_json(const Rect& r) {
    return Json::array({r.x, r.y, r.width, r.height});
}

Json size_json(Size size) {
    return Json::array({size.width, size.height});
}

Json graft_json(const composite::GraftParams& p) {
    Json json = Json::object();
    if (p.redact) return Json{{"redact", true}};
    if (!p.do_register) json["no-register"] = true;
    if (p.accept_large_move) json["accept-large-move"] = true;
    if (!p.match_color) json["no-color-match"] = true;
    if (!p.membrane) json["no-membrane"] = true;
    if (!p.grain) json["no-grain"] = true;
    if (!p.keep_unchanged) json["no-keep-unchanged"] = true;
    if (!p.dither) json["no-dither"] = true;
    if (p.seam.kind == composite::SeamKind::fitting) json["seam"] = "fitting";
    if (p.seam.feather_px) json["feather"] = number(*p.seam.feather_px);
    if (p.seam.reach_out_px > 0) json["reach-out"] = number(p.seam.reach_out_px);
    return json;
}

std::string text_of(const Json& json) {
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace mw::handoff
