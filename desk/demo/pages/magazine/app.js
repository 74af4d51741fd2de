document.querySelectorAll('.menu-toggle').forEach(function(b){b.onclick=function(){document.getElementById('mobile-menu').style.display='block'}});
