#version 330 core
// One pixel of two: what the screen would show of A and of B, encoded sRGB. One of ONION, DIFFERENCE, ABSOLUTE, DELTA_E.
uniform sampler2D u_a;
uniform sampler2D u_b;
uniform sampler2D u_ramp;   // 256 x 1, the colours of a heat map
uniform float u_amount;     // opacity of B, gain, or what the ramp's end stands for
out vec4 o_color;

vec4 heat(float value) {
    int index = int(clamp(floor(value * 255.0 / u_amount + 0.5), 0.0, 255.0));
    return vec4(texelFetch(u_ramp, ivec2(index, 0), 0).rgb, 1.0);
}

#ifdef DELTA_E
const float PI = 3.14159265358979;

vec3 linear(vec3 c) {
    return mix(pow((c + 0.055) / 1.055, vec3(2.4)), c / 12.92, lessThanEqual(c, vec3(0.04045)));
}

// CIE 15, D65. The cube root by a power alone is off by a step of the ramp on llvmpipe: one step of Newton mends it.
vec3 lab(vec3 encoded) {
    vec3 l = linear(encoded);
    vec3 t = vec3(dot(vec3(0.4124564, 0.3575761, 0.1804375), l) / 0.95047,
                  dot(vec3(0.2126729, 0.7151522, 0.0721750), l),
                  dot(vec3(0.0193339, 0.1191920, 0.9503041), l) / 1.08883);
    vec3 root = pow(max(t, vec3(1e-6)), vec3(1.0 / 3.0));
    root -= (root - t / (root * root)) / 3.0;
    vec3 f = mix((24389.0 / 27.0 * t + 16.0) / 116.0, root, greaterThan(t, vec3(216.0 / 24389.0)));
    return vec3(116.0 * f.y - 16.0, 500.0 * (f.x - f.y), 200.0 * (f.y - f.z));
}

float hue(float a, float b) {
    if (a == 0.0 && b == 0.0) return 0.0;
    float h = atan(b, a);
    return h < 0.0 ? h + 2.0 * PI : h;
}

float pow7(float x) {
    float cube = x * x * x;
    return cube * cube * x;
}

// Sharma, Wu, Dalal 2005, equations 2 to 22, kL = kC = kH = 1.
float ciede2000(vec3 p, vec3 q) {
    const float k25To7 = 6103515625.0;
    float c7 = pow7((length(p.yz) + length(q.yz)) / 2.0);
    float g = 0.5 * (1.0 - sqrt(c7 / (c7 + k25To7)));
    float a1 = (1.0 + g) * p.y, a2 = (1.0 + g) * q.y;
    float c1 = length(vec2(a1, p.z)), c2 = length(vec2(a2, q.z));
    float h1 = hue(a1, p.z), h2 = hue(a2, q.z);
    bool grey = c1 * c2 == 0.0; // then hue says nothing
    float dh = grey ? 0.0 : h2 - h1;
    if (dh > PI) dh -= 2.0 * PI;
    if (dh < -PI) dh += 2.0 * PI;
    float h = h1 + h2;
    if (!grey) {
        if (abs(h1 - h2) > PI) h += h < 2.0 * PI ? 2.0 * PI : -2.0 * PI;
        h /= 2.0;
    }
    float t = 1.0 - 0.17 * cos(h - radians(30.0)) + 0.24 * cos(2.0 * h) + 0.32 * cos(3.0 * h + radians(6.0)) -
              0.20 * cos(4.0 * h - radians(63.0));
    float l = (p.x + q.x) / 2.0 - 50.0, c = (c1 + c2) / 2.0;
    float turn = (degrees(h) - 275.0) / 25.0;
    float theta = radians(30.0) * exp(-turn * turn);
    float c_7 = pow7(c);
    float rt = -sin(2.0 * theta) * 2.0 * sqrt(c_7 / (c_7 + k25To7));
    float x = (q.x - p.x) / (1.0 + 0.015 * l * l / sqrt(20.0 + l * l));
    float y = (c2 - c1) / (1.0 + 0.045 * c);
    float z = 2.0 * sqrt(c1 * c2) * sin(dh / 2.0) / (1.0 + 0.015 * c * t);
    return sqrt(max(0.0, x * x + y * y + z * z + rt * y * z));
}
#endif

void main() {
    ivec2 at = ivec2(gl_FragCoord.xy);
    vec3 a = texelFetch(u_a, at, 0).rgb, b = texelFetch(u_b, at, 0).rgb;
#ifdef ONION
    o_color = vec4(mix(a, b, u_amount), 1.0);
#endif
#ifdef DIFFERENCE
    o_color = vec4(min(abs(a - b) * u_amount, 1.0), 1.0);
#endif
#ifdef ABSOLUTE
    vec3 d = abs(a - b);
    o_color = heat(max(d.r, max(d.g, d.b)));
#endif
#ifdef DELTA_E
    // Equal pixels need no colour science, and most of an edited picture is equal.
    o_color = heat(a == b ? 0.0 : ciede2000(lab(a), lab(b)));
#endif
}
