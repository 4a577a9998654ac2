#version 330 core
// A canvas drawn without a turn, as a turned pane shows it.
uniform sampler2D u_tile;   // top row first
uniform vec2 u_origin;      // texture coordinates of canvas pixel corner (0, 0)
uniform vec2 u_across;      // of a canvas pixel to the right
uniform vec2 u_down;        // of a canvas pixel down
out vec4 o_color;

void main() {
    vec2 at = u_origin + gl_FragCoord.x * u_across + gl_FragCoord.y * u_down;
    o_color = vec4(texture(u_tile, at).rgb, 1.0);
}
