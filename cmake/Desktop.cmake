# What a desktop wants to know of the program: its entry, its icon, the type of project files (XDG Desktop Entry, Icon Theme
# and Shared MIME-info specifications). `cmake --install build/release --prefix /usr/local`, then, where the system does not
# do it by itself: update-mime-database /usr/local/share/mime; update-desktop-database /usr/local/share/applications.
if(NOT MASKWRIGHT_UI)
  return()
endif()
set(desktop ${CMAKE_SOURCE_DIR}/assets/desktop)
install(FILES ${desktop}/maskwright.desktop DESTINATION share/applications)
install(FILES ${desktop}/maskwright.xml DESTINATION share/mime/packages)
install(FILES ${desktop}/maskwright.svg DESTINATION share/icons/hicolor/scalable/apps)
# Made with: rsvg-convert -w N -h N maskwright.svg -o maskwright-N.png
foreach(side 16 24 32 48 64 128 256)
  install(FILES ${desktop}/maskwright-${side}.png DESTINATION share/icons/hicolor/${side}x${side}/apps RENAME maskwright.png)
endforeach()
