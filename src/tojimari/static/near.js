// Lets the person sort the shops by their own position, when they tap the button and the browser has asked them.
// The position goes into the form, rounded to about a hundred metres, and is sent by POST; nothing is stored.
{
  const form = document.getElementById("near-form");
  const near = document.getElementById("near");
  const failed = document.getElementById("near-failed");
  if (form && near && "geolocation" in navigator) {
    near.hidden = document.getElementById("near-note").hidden = false;
    near.firstElementChild.addEventListener("click", () => {
      failed.hidden = true;
      navigator.geolocation.getCurrentPosition(
        (found) => {
          form.elements.place.value = "";
          form.elements.latitude.value = found.coords.latitude.toFixed(3);
          form.elements.longitude.value = found.coords.longitude.toFixed(3);
          form.submit();
        },
        () => { failed.hidden = false; },
        { maximumAge: 300000, timeout: 15000 },
      );
    });
  }
}
