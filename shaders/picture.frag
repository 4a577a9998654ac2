#version 330 core
// A tile of a picture. Encoded values go to the screen as they are. The place in the tile is computed from the pixel, not
// interpolated, so that it is the same for every tile and exact at 64:1.
//   FOUR_TAPS  between two levels: the mean of four samples covers the pixel's footprint
//   CHECKS     the picture has alpha (premultiplied): a checkerboard shines through
uniform sampler2D u_tile;
uniform vec2 u_origin;      // canvas pixel of the tile's texture corner
uniform vec2 u_scale;       // texture coordinates per canvas pixel
uniform vec3 u_checks;      // x, y of the pane, side of a check
uniform vec2 u_check_values; // of the corner one, of its neighbours
out vec4 o_color;

void main() {
    vec2 at = (gl_FragCoord.xy - u_origin) * u_scale;
#ifdef FOUR_TAPS
    vec2 q = u_scale * 0.25;
    vec4 color = 0.25 * (texture(u_tile, at - q) + texture(u_tile, at + vec2(q.x, -q.y)) +
                         texture(u_tile, at + vec2(-q.x, q.y)) + texture(u_tile, at + q));
#else
    vec4 color = texture(u_tile, at);
#endif
#ifdef CHECKS
    vec2 cell = floor((gl_FragCoord.xy - u_checks.xy) / u_checks.z);
    float odd = fract((cell.x + cell.y) * 0.5) * 2.0;
    color.rgb += mix(u_check_values.x, u_check_values.y, odd) * (1.0 - color.a);
#endif
    o_color = vec4(color.rgb, 1.0);
}
