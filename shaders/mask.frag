#version 330 core
// Coverage over the picture, by one of four looks (RUBYLITH, MATTE, OUTLINE; none: overlay). The texture is a window on
// the mask that wraps round (see MaskWindow).
uniform sampler2D u_coverage;
uniform vec2 u_origin;      // canvas pixel of the run's first texel
uniform float u_texels;     // texels per canvas pixel
uniform vec4 u_limits;      // first and last texel centre inside the mask, counted from the run's first texel
uniform vec2 u_base;        // the run's first texel in the texture
uniform vec2 u_size;        // of the texture, in texels
uniform vec4 u_color;       // straight alpha
uniform float u_scale;      // width of an outline, canvas pixels
out vec4 o_color;

float coverage_at(vec2 pixel) {
    vec2 texel = (pixel - u_origin) * u_texels;
    vec2 inside = clamp(texel, u_limits.xy, u_limits.zw);
#ifdef OUTLINE
    // Beyond the picture nothing is covered: its border is an edge.
    if (any(greaterThan(abs(texel - inside), vec2(0.5)))) return 0.0;
#endif
    return texture(u_coverage, (inside + u_base) / u_size).r;
}

void main() {
    vec2 at = gl_FragCoord.xy;
    float coverage = coverage_at(at);
#if defined(RUBYLITH)
    o_color = vec4(u_color.rgb, u_color.a * (1.0 - coverage));
#elif defined(MATTE)
    o_color = vec4(vec3(coverage), 1.0);
#elif defined(OUTLINE)
    float least = min(min(coverage_at(at - vec2(u_scale, 0.0)), coverage_at(at + vec2(u_scale, 0.0))),
                      min(coverage_at(at - vec2(0.0, u_scale)), coverage_at(at + vec2(0.0, u_scale))));
    if (coverage < 0.5 || least >= 0.5) discard;
    // Black and white in turn: seen on any picture.
    o_color = vec4(vec3(step(0.5, fract((at.x + at.y) / (8.0 * u_scale)))), 1.0);
#else
    o_color = vec4(u_color.rgb, u_color.a * coverage);
#endif
}
