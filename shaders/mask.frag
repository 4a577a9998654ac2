#version 330 core
// Coverage as a colour over the picture. The texture is a window on the mask that wraps round (see MaskWindow).
uniform sampler2D u_coverage;
uniform vec2 u_origin;      // canvas pixel of the run's first texel
uniform float u_texels;     // texels per canvas pixel
uniform vec4 u_limits;      // first and last texel centre inside the mask, counted from the run's first texel
uniform vec2 u_base;        // the run's first texel in the texture
uniform vec2 u_size;        // of the texture, in texels
uniform vec4 u_color;       // straight alpha
out vec4 o_color;

void main() {
    vec2 texel = clamp((gl_FragCoord.xy - u_origin) * u_texels, u_limits.xy, u_limits.zw);
    float coverage = texture(u_coverage, (texel + u_base) / u_size).r;
    o_color = vec4(u_color.rgb, u_color.a * coverage);
}
