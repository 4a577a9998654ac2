#version 330 core
// A rectangle given in canvas pixels, y down. Drawn as a strip of four without vertex arrays. The canvas is kept top row
// first (see Backing): y down is GL's y up, and gl_FragCoord is the canvas pixel.
uniform vec4 u_rect;        // left, top, right, bottom
uniform vec2 u_canvas;      // size
uniform vec3 u_keep;        // the side of a line that is kept: dot(xy, position) + z >= 0

void main() {
    vec2 at = vec2((gl_VertexID & 1) == 0 ? u_rect.x : u_rect.z,
                   (gl_VertexID & 2) == 0 ? u_rect.y : u_rect.w);
    gl_ClipDistance[0] = dot(u_keep.xy, at) + u_keep.z;
    gl_Position = vec4(at / u_canvas * 2.0 - 1.0, 0.0, 1.0);
}
